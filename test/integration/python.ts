import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Missing } from "./requirement.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const VENV = at("../../build/venv");
/** Python of the virtual environment. */
export const PYTHON = `${VENV}/bin/python`;
const INSTALL_TIMEOUT_MS = 240_000;
const SCRIPT_TIMEOUT_MS = 60_000;

/**
 * Adds packages, named as pip names them, to the virtual environment in `build/venv` unless `imports` can be imported
 * there.
 * @returns why they cannot be had, if so.
 */
export function missingPackages(imports: readonly string[], packages: readonly string[]): Missing {
  if (existsSync(PYTHON) && spawnSync(PYTHON, ["-c", `import ${imports.join(", ")}`]).status === 0) return null;
  const steps = [[PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]];
  if (!existsSync(PYTHON)) steps.unshift(["python3", "-m", "venv", VENV]);
  for (const [program, ...args] of steps as [string, ...string[]][]) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: INSTALL_TIMEOUT_MS });
    if (status === 0) continue;
    const reason = error?.message ?? stderr.trim().split("\n").at(-1);
    return `Python with ${imports.join(", ")}: ${program} ${args.join(" ")}: ${reason}; install Python 3.9 or later with venv, and let pip reach PyPI`;
  }
  return null;
}

/** Runs a Python script of this folder and gives what it printed. */
export async function runScript(name: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(PYTHON, [at(name), ...args], { timeout: SCRIPT_TIMEOUT_MS })).stdout;
}
