import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { unstable_getVarsForDev } from "wrangler";
import { dotenvFile } from "../../scripts/dotenv-file.ts";
import { InputError } from "../../src/base/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-dotenv-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The variables that `wrangler dev --env-file` gives to a Worker. */
function readByWrangler(text: string): Record<string, unknown> {
  const path = join(folder, "worker.env");
  writeFileSync(path, text);
  const bindings = unstable_getVarsForDev(undefined, [path], {}, undefined, true);
  return Object.fromEntries(
    Object.entries(bindings).map(([name, binding]) => [name, "value" in binding && binding.value]),
  );
}

const TRICKY = ["'", '"', "`", "$", "{", "}", "\\", "\n", "\\n", "$A", "{B}", "#", "=", " ", ":-", "B=", "é", "x"];

test("every value that can be written is read by wrangler as it is, and the others are refused", () => {
  const value = fc.array(fc.constantFrom(...TRICKY), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
  const values = fc.record({ A: value, B: value, C: fc.string({ unit: "grapheme", minLength: 1 }) });
  fc.assert(
    fc.property(values, (variables) => {
      const refused = Object.values(variables).some((text) => /'.*`|`.*'|\r|\\$(?!\n)/s.test(text));
      if (refused) expect(() => dotenvFile(variables)).toThrow(InputError);
      else expect(readByWrangler(dotenvFile(variables))).toEqual(variables);
    }),
    { numRuns: 500 },
  );
});

test.each(["it's `quoted`", "two\rlines", "back\\"])("%j is refused under its name, and is not repeated", (secret) => {
  const write = () => dotenvFile({ PORT: "1", REPRISE_ADMIN_TOKEN: secret });
  expect(write).toThrow(
    "REPRISE_ADMIN_TOKEN: cannot be passed on to wrangler: it holds both ' and `, holds a carriage return or ends in a backslash",
  );
});
