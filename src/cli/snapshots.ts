import { Command } from "commander";
import type { SnapshotMeta } from "../snapshot/store.ts";
import type { CliDependencies } from "./dependencies.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

interface SnapshotsOptions {
  readonly snapshotDir: string;
  readonly format: "text" | "json";
}

const SHORT_ID = 12;

export function snapshotsCommand(deps: Pick<CliDependencies, "out" | "env" | "snapshots">): Command {
  const verb = (name: string, description: string) =>
    new Command(name).description(description).addOption(snapshotDirectoryOption(deps.env)).addOption(formatOption());

  const list = verb("list", "all snapshots, newest import first").action(
    action(async ({ snapshotDir, format }: SnapshotsOptions) => {
      const snapshots = await deps.snapshots(snapshotDir).list();
      deps.out.write(format === "json" ? json({ snapshots }) : table(snapshots, snapshotDir));
    }),
  );
  const show = verb("show", "one snapshot")
    .argument("<id>", "its id, or a prefix that no other has")
    .action(
      action(async (id: string, { snapshotDir, format }: SnapshotsOptions) => {
        const meta = await deps.snapshots(snapshotDir).meta(id);
        deps.out.write(format === "json" ? json(meta) : fields(meta));
      }),
    );
  return new Command("snapshots").description("the data sets that were imported").addCommand(list).addCommand(show);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function table(snapshots: readonly SnapshotMeta[], directory: string): string {
  if (snapshots.length === 0) return `no snapshots in ${directory}\n`;
  const rows = snapshots.map((meta) => [
    meta.id.slice(0, SHORT_ID),
    meta.imported_at,
    String(meta.interactions),
    String(meta.users),
    String(meta.items),
    meta.source,
  ]);
  const all = [["ID", "IMPORTED", "INTERACTIONS", "USERS", "ITEMS", "SOURCE"], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function fields(meta: SnapshotMeta): string {
  const entries = Object.entries(meta);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}
