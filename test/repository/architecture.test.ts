import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { diagram, ENTRIES, EXACT_MATH, INEXACT_MATH, LAW, NOT_IN_WORKERS, PURE, STORIES } from "../../architecture.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SRC = join(ROOT, "src");
const law: Readonly<Record<string, readonly string[]>> = LAW;
const stories: Readonly<Record<string, readonly string[]>> = STORIES;

/** Sources as git knows them, tracked or new, without tests and declarations. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "src"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.endsWith(".d.ts"))
  .filter((path) => existsSync(join(ROOT, path)))
  .map((path) => relative("src", path));

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)"([^"]+)"/g;

function importsOf(source: string): string[] {
  return Array.from(source.matchAll(IMPORT), ([, target]) => target as string);
}

function read(file: string): string {
  return readFileSync(join(SRC, file), "utf8");
}

/** The file below src/ that a relative import names, or null for one outside of it. */
function resolve(file: string, target: string): string | null {
  if (!target.startsWith(".")) return null;
  const path = relative(SRC, join(SRC, dirname(file), target));
  return path.startsWith("..") ? null : path;
}

const folderOf = (file: string): string => (file.includes("/") ? (file.split("/")[0] as string) : "");

/** What a file's imports break of the law. */
function breaches(file: string, source: string): string[] {
  if (ENTRIES.includes(file)) return [];
  const folder = folderOf(file);
  const allowed = folder === "" ? stories[file] : law[folder] && [...(law[folder] as string[]), folder];
  if (!allowed) return [`${file} stands in a place that the law does not name`];
  return importsOf(source)
    .map((target) => resolve(file, target))
    .filter((target): target is string => target !== null)
    .filter(
      (target) =>
        !(folderOf(target) === ""
          ? target in stories && ["", "cli"].includes(folder)
          : allowed.includes(folderOf(target))),
    )
    .map((target) => `${file} imports ${target}`);
}

const QUOTED = /"(?:\\.|[^"\\\n])*"/;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;

/** The source without comments. */
function codeOf(source: string): string {
  return source.replace(new RegExp(`(${QUOTED.source})|${COMMENT.source}`, "g"), "$1");
}

function found(pattern: RegExp, code: string): string[] {
  return Array.from(code.matchAll(pattern), ([text]) => text.replaceAll(/\s+/g, " ").trim());
}

/** `Math` in any other form than an exact member, so that no alias of it or of a member can come about. */
const INEXACT_MEMBER = new RegExp(`\\bMath\\b(?!\\.(?:${EXACT_MATH.join("|")})\\b)[^\\s,;()]*`, "g");
const POWER = /[\w.)\]]+\s*\*\*=?\s*[-\w.([]+/g;
/** Powers of two by a number that stands there, and squares, for which pow multiplies. */
const EXACT_POWER = /^2n? \*\* -?\d+n?$|\*\* 2$/;

/** What a source takes from Math that differs between runtimes in the last bit. */
function inexactMath(source: string): string[] {
  const code = codeOf(source);
  const powers = found(POWER, code.replace(new RegExp(QUOTED, "g"), '""'));
  return [...found(INEXACT_MEMBER, code), ...powers.filter((power) => !EXACT_POWER.test(power))];
}

/** What a source takes from the clock or from the system's randomness. A Date made from a number is neither. */
function impurities(source: string): string[] {
  const uses = [
    /\bDate\s*\??\.\s*now\b/,
    /\bDate\s*\[[^\]]*\]/,
    /=\s*Date\b(?!\.)/,
    /\bnew Date\b(?!\s*\(\s*[^\s)])/,
    /(?<!\bnew )\bDate\(/,
    /\bMath\s*\.\s*random\b/,
    /\bperformance\s*(?:\.|\[)\s*[\w"]+/,
    /=\s*performance\b/,
    /\b(?:getRandomValues|randomUUID)\b/,
  ];
  return found(new RegExp(uses.map(({ source: use }) => use).join("|"), "g"), codeOf(source));
}

describe("the import law", () => {
  test("is read over all sources there are", () => {
    expect(files.length).toBeGreaterThan(90);
    for (const folder of Object.keys(LAW)) expect(files.some((file) => folderOf(file) === folder)).toBe(true);
  });

  test("holds", () => {
    expect(files.flatMap((file) => breaches(file, read(file)))).toEqual([]);
  });

  test.each([
    ["engine/x.ts", 'import { y } from "../registry/y.ts";'],
    ["base/x.ts", 'import type { Y } from "../kernel/y.ts";'],
    ["http/x.ts", 'const y = await import("../drivers/y.ts");'],
    ["service.ts", 'import { y } from "./drivers/y.ts";'],
    ["elsewhere/x.ts", ""],
  ])("is broken by %s with %s", (file, source) => {
    expect(breaches(file, source)).toHaveLength(1);
  });

  test("has no circle", () => {
    const visit = (folder: string, path: readonly string[]): void => {
      expect(path).not.toContain(folder);
      // Drivers implement ports that the command line declares, and nothing imports drivers.
      for (const next of law[folder] as string[]) visit(next, [...path, folder]);
    };
    for (const folder of Object.keys(law)) visit(folder, []);
  });

  test("is the diagram in ARCHITECTURE.md", () => {
    expect(readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8")).toContain(diagram());
  });
});

describe("folders without I/O", () => {
  const pure = files.filter((file) => PURE.includes(folderOf(file)));

  test("import no built-ins of a runtime", () => {
    const bad = pure.flatMap((file) =>
      importsOf(read(file))
        .filter((target) => target.startsWith("node:"))
        .map((target) => `${file}: ${target}`),
    );
    expect(bad).toEqual([]);
  });

  test("use only exact members of Math", () => {
    const bad = pure
      .filter((file) => !INEXACT_MATH.includes(file))
      .flatMap((file) => inexactMath(read(file)).map((name) => `${file}: ${name}`));
    expect(bad).toEqual([]);
  });

  test.each([
    ["Math.floor(x) + Math.log(y)", "Math.log"],
    ["Math.pow(z, 2)", "Math.pow"],
    ['Math["log"](x)', 'Math["log"]'],
    ["const { log } = Math;", "Math"],
    ["values.map(Math.exp)", "Math.exp"],
    ["Math.floorish(x)", "Math.floorish"],
    ["x ** y", "x ** y"],
    ["f(x) ** 0.5", "x) ** 0.5"],
    ["10 ** 3", "10 ** 3"],
    ["2 ** shift", "2 ** shift"],
    ["2 ** -shift", "2 ** -shift"],
    ["x **= y", "x **= y"],
  ])("would be caught computing %s", (source, breach) => {
    expect(inexactMath(source)).toEqual([breach]);
  });

  test.each(["Math.floor(x / 2 ** 32)", "-(2n ** 63n)", "(x - mean) ** 2", "/** Math.log, x ** y. */", "// Math.log"])(
    "may compute %s",
    (source) => expect(inexactMath(source)).toEqual([]),
  );

  test("know neither the time nor chance but from their arguments", () => {
    expect(pure.flatMap((file) => impurities(read(file)).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  test.each([
    "const t = Date.now();",
    'Date["now"]()',
    "const { now } = Date;",
    "new Date()",
    "new Date",
    "new Date( ).toISOString()",
    "Date()",
    "Math.random()",
    "performance.now()",
    "const { now } = performance;",
    "crypto.getRandomValues(bytes)",
    "crypto.randomUUID()",
  ])("would be caught taking them from %s", (source) => {
    expect(impurities(source)).toHaveLength(1);
  });

  test.each([
    "new Date(now()).toISOString()",
    "new Date(2024, 1)",
    "Date.UTC(1996, 0, 1)",
    "let day: Date;",
    "// Date.now()",
  ])("may use %s", (source) => expect(impurities(source)).toEqual([]));

  test("are the ones that tsconfig.pure.json compiles", () => {
    const { include } = JSON.parse(readFileSync(join(ROOT, "tsconfig.pure.json"), "utf8")) as { include: string[] };
    expect([...include].sort()).toEqual(PURE.map((folder) => `src/${folder}/**/*.ts`).sort());
  });
});

describe("the Worker", () => {
  /** Everything that a file reaches at run time: type imports are erased. */
  function reach(file: string, seen = new Set<string>()): Set<string> {
    if (seen.has(file)) return seen;
    seen.add(file);
    if (!file.endsWith(".ts") || file.startsWith("node:")) return seen;
    const source = read(file).replace(/import type [^;]*;|export type [^;]*;/g, "");
    for (const target of importsOf(source)) {
      const path = resolve(file, target);
      if (path) reach(path, seen);
      else seen.add(target);
    }
    return seen;
  }

  const reached = [...reach("worker.ts")];

  test("reaches the service", () => expect(reached).toContain("service.ts"));

  test("reaches nothing that does not run there", () => {
    const bad = reached.filter(
      (name) =>
        NOT_IN_WORKERS.folders.includes(folderOf(name)) ||
        NOT_IN_WORKERS.prefixes.some((prefix) => name.startsWith(prefix)),
    );
    expect(bad).toEqual([]);
  });
});
