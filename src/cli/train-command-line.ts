import type { Hyperparameters } from "../artifact/manifest.ts";

/** The command that trains these hyperparameters on a snapshot, all of them named, for a POSIX shell. */
export function trainCommandLine(snapshotId: string, hyperparameters: Hyperparameters, snapshotDir: string): string {
  const options = Object.entries({ ...hyperparameters, "snapshot-dir": snapshotDir });
  const words = options.flatMap(([name, value]) => [`--${name.replaceAll("_", "-")}`, quoted(`${value}`)]);
  return ["npx reprise train --snapshot", snapshotId, ...words].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
