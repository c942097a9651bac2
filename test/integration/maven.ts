import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Missing } from "./requirement.ts";

const FETCH_TIMEOUT_MS = 240_000;

/**
 * Fetches a program for Java 17 from Maven Central into a folder, once.
 * @param args what Maven is told, but where to put it
 * @returns why it cannot be had, if so
 */
export function missingFromMaven(program: string, folder: string, args: readonly string[]): Missing {
  const java = spawnSync("java", ["-version"], { encoding: "utf8" });
  const version = Number(/version "(\d+)/.exec(java.stderr ?? "")?.[1] ?? 0);
  if (version < 17) {
    return `${program}: ${version === 0 ? "no java" : `java is of version ${version}`}; install a JRE of Java 17 or later`;
  }
  // Written when all of it is there.
  const complete = join(folder, "complete");
  if (existsSync(complete)) return null;
  rmSync(folder, { recursive: true, force: true });
  const all = ["-q", "-B", ...args, `-DoutputDirectory=${folder}`];
  const { status, error, stdout } = spawnSync("mvn", all, { encoding: "utf8", timeout: FETCH_TIMEOUT_MS });
  if (status !== 0) {
    const reason = error?.message ?? /\[ERROR\][^\n]*/.exec(stdout)?.[0] ?? `exit ${status}`;
    return `${program}: mvn ${all.join(" ")}: ${reason}; install Maven, and let it reach Maven Central`;
  }
  writeFileSync(complete, "");
  return null;
}
