import { Command } from "commander";
import { diffSnapshots } from "../snapshot/diff.ts";
import type { SnapshotEntry, SnapshotMeta } from "../snapshot/store.ts";
import type { CliDependencies } from "./dependencies.ts";
import { loadSnapshot } from "./load-snapshot.ts";
import { action } from "./run.ts";
import { snapshotChanges } from "./snapshot-changes.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";
import { columns } from "./text-table.ts";

interface SnapshotsOptions {
  readonly snapshotDir: string;
  readonly format: "text" | "json";
}

const SHORT_ID = 12;
const AN_ID = "its id, or a prefix that no other has";

export function snapshotsCommand(deps: Pick<CliDependencies, "out" | "err" | "env" | "now" | "snapshots">): Command {
  const verb = (name: string, description: string) =>
    new Command(name).description(description).addOption(snapshotDirectoryOption(deps.env)).addOption(formatOption());

  const list = verb("list", "all snapshots, newest import first").action(
    action(async ({ snapshotDir, format }: SnapshotsOptions) => {
      const snapshots = await deps.snapshots(snapshotDir).list();
      deps.out.write(format === "json" ? json({ snapshots }) : table(snapshots, snapshotDir));
    }),
  );
  const show = verb("show", "one snapshot")
    .argument("<id>", AN_ID)
    .action(
      action(async (id: string, { snapshotDir, format }: SnapshotsOptions) => {
        const meta = await deps.snapshots(snapshotDir).meta(id);
        deps.out.write(format === "json" ? json(meta) : fields(meta));
      }),
    );
  const diff = verb("diff", "what came, went and changed from one snapshot to another")
    .argument("<from>", AN_ID)
    .argument("<to>", AN_ID)
    .action(
      action(async (from: string, to: string, { snapshotDir, format }: SnapshotsOptions) => {
        const old = await loadSnapshot(snapshotDir, from, deps);
        const now = await loadSnapshot(snapshotDir, to, deps);
        const report = { from: old.id, to: now.id, identical: old.id === now.id, ...diffSnapshots(old, now) };
        deps.out.write(format === "json" ? json(report) : snapshotChanges(report));
      }),
    );
  return new Command("snapshots")
    .description("the data sets that were imported")
    .addCommand(list)
    .addCommand(show)
    .addCommand(diff);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function table(snapshots: readonly SnapshotEntry[], directory: string): string {
  if (snapshots.length === 0) return `no snapshots in ${directory}\n`;
  const rows = snapshots.map((entry) =>
    "broken" in entry
      ? [entry.id.slice(0, SHORT_ID), "BROKEN", "", "", "", entry.broken]
      : [
          entry.id.slice(0, SHORT_ID),
          entry.imported_at,
          String(entry.interactions),
          String(entry.users),
          String(entry.items),
          entry.source,
        ],
  );
  return columns([["ID", "IMPORTED", "INTERACTIONS", "USERS", "ITEMS", "SOURCE"], ...rows]);
}

function fields(meta: SnapshotMeta): string {
  const entries = Object.entries(meta);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}
