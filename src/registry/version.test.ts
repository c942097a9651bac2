import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { compareVersions, isVersion, nextVersion } from "./version.ts";

const part = fc.nat(999_999);
const anyVersion = fc.tuple(part, part).map(([major, minor]) => `v${major}.${minor}`);

test.each(["v0.1", "v0.0", "v10.20", "v999999.999999"])("%s is a version", (text) => {
  expect(isVersion(text)).toBe(true);
});

test.each(["", "0.1", "v1", "v1.", "v.1", "v01.1", "v1.01", "v1.2.3", "v1.-1", "V1.2", "v1.2 ", "v1.2\n", "../v1.2"])(
  "%j is no version",
  (text) => {
    expect(isVersion(text)).toBe(false);
  },
);

test("versions compare as pairs of numbers, not as text", () => {
  expect(["v0.10", "v1.0", "v0.9", "v0.1"].sort(compareVersions)).toEqual(["v0.1", "v0.9", "v0.10", "v1.0"]);
});

test("the next version is newer than all there are", () => {
  expect(nextVersion([])).toBe("v0.1");
  expect(nextVersion(["v0.9", "v1.2", "v0.10"])).toBe("v1.3");
  fc.assert(
    fc.property(fc.array(anyVersion, { minLength: 1 }), (versions) => {
      const next = nextVersion(versions);
      expect(isVersion(next)).toBe(true);
      for (const version of versions) expect(compareVersions(version, next)).toBeLessThan(0);
    }),
  );
});

test("a version whose minor number is full is followed by the next major one", () => {
  expect(nextVersion(["v0.999999"])).toBe("v1.0");
  expect(() => nextVersion(["v999999.999999"])).toThrow(InputError);
});
