import { expect, test } from "vitest";
import { IntegrityError } from "../base/errors.ts";
import { instantiateCore } from "./core.ts";

/** Sections of a WebAssembly binary behind its magic number and version. */
function moduleOf(...sections: number[][]): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]));
}

function nameOf(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

function section(id: number, content: number[]): number[] {
  return [id, content.length, ...content];
}

test("a module that wants an import is refused", () => {
  const type = section(1, [1, 0x60, 0, 0]);
  const imported = section(2, [1, ...nameOf("env"), ...nameOf("abort"), 0, 0]);
  expect(() => instantiateCore(moduleOf(type, imported))).toThrow(
    new IntegrityError("core", "wants the import env.abort; it must want none"),
  );
});

test("a module without the core's constants is refused", () => {
  expect(() => instantiateCore(moduleOf())).toThrow(new IntegrityError("core", "ABI_VERSION is undefined, expected 1"));
});

test("a core of another ABI version is refused", () => {
  const constant = section(6, [1, 0x7f, 0, 0x41, 2, 0x0b]);
  const exported = section(7, [1, ...nameOf("ABI_VERSION"), 3, 0]);
  expect(() => instantiateCore(moduleOf(constant, exported))).toThrow(
    new IntegrityError("core", "ABI_VERSION is 2, expected 1"),
  );
});
