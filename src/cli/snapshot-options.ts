import { Option } from "commander";
import type { CliDependencies } from "./dependencies.ts";

export function snapshotDirectoryOption(env: CliDependencies["env"]): Option {
  return new Option("--snapshot-dir <folder>", "where snapshots are kept (SNAPSHOT_DIR)").default(
    defaultSnapshotDirectory(env),
  );
}

export function defaultSnapshotDirectory(env: CliDependencies["env"]): string {
  return env.SNAPSHOT_DIR || "snapshots";
}

export function formatOption(): Option {
  return new Option("--format <format>", "how to print").choices(["text", "json"]).default("text");
}
