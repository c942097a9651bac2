import type { Hyperparameters } from "../artifact/manifest.ts";

/**
 * The command that trains these hyperparameters on a snapshot, all of them named, for a POSIX shell.
 * @param snapshotDir null where it is the one that would be taken anyway
 */
export function trainCommandLine(
  snapshotId: string,
  hyperparameters: Hyperparameters,
  snapshotDir: string | null,
): string {
  const options = Object.entries({
    snapshot: snapshotId,
    ...hyperparameters,
    ...(snapshotDir !== null && { "snapshot-dir": snapshotDir }),
  });
  const words = options.map(([name, value]) => `--${name.replaceAll("_", "-")} ${quoted(`${value}`)}`);
  return ["npx reprise train", ...words].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
