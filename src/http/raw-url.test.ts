import { describe, expect, test } from "vitest";
import { decodeQuery, pathDecoder, type QueryForm, rawPath } from "./raw-url.ts";

const at = (path: string) => new Request(`http://localhost${path}`);

describe("rawPath", () => {
  test("keeps what is percent-encoded", () => {
    expect(rawPath(at("/a%2Fb/%zz?q=/x#y"))).toBe("/a%2Fb/%zz");
    expect(rawPath(new Request("http://localhost?q"))).toBe("/");
    expect(rawPath(at("//a"))).toBe("//a");
  });
});

describe("pathDecoder", () => {
  test("decodes a segment whole", () => {
    const { values, faults } = pathDecoder("/recommend/{user_id}")(at("/recommend/..%2Fetc%20%C3%A9"));
    expect({ values, faults }).toEqual({ values: { user_id: "../etc é" }, faults: [] });
  });

  test.each(["%", "%zz", "a%2", "%ff", "%C3"])("refuses %s", (segment) => {
    const { values, faults } = pathDecoder("/recommend/{user_id}")(at(`/recommend/${segment}`));
    expect(values).toEqual({});
    expect(faults).toMatchObject([{ field: "user_id", value: segment }]);
  });
});

describe("decodeQuery", () => {
  const forms: Record<string, QueryForm> = { n: "integer", b: "boolean", c: "comma-separated", r: "repeated" };
  const values = (query: string) => decodeQuery(at(`/${query}`), forms).values;

  test("turns text into values by the parameter's form", () => {
    expect(values("?n=05&b=true&c=1,a%2C,&r=x+y&r=%2B&t=true")).toEqual({
      n: 5,
      b: true,
      c: ["1", "a", "", ""],
      r: ["x y", "+"],
      t: "true",
    });
  });

  test.each(["", "1e2", "-1", "1.0", "0x1", " 1", "12345678901234567"])("leaves %j, no integer, as text", (text) => {
    expect(values(`?n=${encodeURIComponent(text)}`)).toEqual({ n: text });
  });

  test.each(["", "1", "TRUE", "yes"])("leaves %j, no boolean, as text", (text) => {
    expect(values(`?b=${text}`)).toEqual({ b: text });
  });

  test("takes an empty list and empty pairs for what they are", () => {
    expect(values("?&c=&&")).toEqual({ c: [] });
    expect(values("")).toEqual({});
    expect(values("?t")).toEqual({ t: "" });
  });

  test("keeps names that objects have by themselves", () => {
    expect(Object.keys(values("?__proto__=1&constructor=2"))).toEqual(["__proto__", "constructor"]);
  });

  test("reports what is given twice or is not readable, and gives it no value", () => {
    const { values, faults } = decodeQuery(at("/?n=5&n=6&t=%ff&%C3%A9=1"), forms);
    expect(values).toEqual({ é: "1" });
    expect(faults.map(({ field, value }) => [field, value])).toEqual([
      ["t", "%ff"],
      ["n", ["5", "6"]],
    ]);
  });
});
