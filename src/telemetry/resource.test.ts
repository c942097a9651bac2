import { expect, test } from "vitest";
import { resourceAttributes, resourceOf } from "./resource.ts";

test("resource attributes are pairs, percent-decoded", () => {
  expect(resourceAttributes("service.namespace=shop, deployment.environment.name=a%20b%2Cc,empty=")).toEqual({
    "service.namespace": "shop",
    "deployment.environment.name": "a b,c",
    empty: "",
  });
});

test.each(["novalue", "=x", "a=b,,c=d", "a=%zz", 'a="b"', "1a=b"])("%s is refused", (text) => {
  expect(resourceAttributes(text)).toBeNull();
});

test("OTEL_SERVICE_NAME wins over the attributes, and those over the default", () => {
  expect(resourceOf(null, {})).toEqual({ "service.name": "reprise" });
  expect(resourceOf(null, { "service.name": "films" })).toEqual({ "service.name": "films" });
  expect(resourceOf("mine", { "service.name": "films", a: "b" })).toEqual({ "service.name": "mine", a: "b" });
});
