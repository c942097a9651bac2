import { spawnSync } from "node:child_process";
import { findProgram } from "../../scripts/observe/programs.ts";
import type { Missing } from "./requirement.ts";

const INSTALL_TIMEOUT_MS = 240_000;

/**
 * Installs Debian's packages where `programs` are not on PATH, when this is root on such a machine.
 * @returns why they cannot be had, if so.
 */
export function missingPrograms(programs: readonly string[], packages: readonly string[]): Missing {
  const absent = () => programs.filter((program) => findProgram([program]) === null);
  if (absent().length === 0) return null;
  if (process.getuid?.() === 0 && findProgram(["apt-get"]) !== null) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const options = { env, timeout: INSTALL_TIMEOUT_MS, stdio: "ignore" } as const;
    spawnSync("apt-get", ["update"], options);
    spawnSync("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], options);
  }
  if (absent().length === 0) return null;
  return `${absent().join(", ")}: not on PATH; as root: apt-get install ${packages.join(" ")}`;
}
