import type { Change, SnapshotDiff } from "../snapshot/diff.ts";
import { columns } from "./text-table.ts";

/** What `snapshots diff` prints as JSON. */
export interface SnapshotChanges extends SnapshotDiff {
  readonly from: string;
  readonly to: string;
  readonly identical: boolean;
}

/** The same for people. */
export function snapshotChanges(report: SnapshotChanges): string {
  const { interactions, users, items, catalogue } = report;
  if (report.identical) return `${report.from}\nis the same snapshot\n`;
  const row = (name: string, { from, to, added, removed }: Change, changed: number | null) => [
    name,
    ...[from, to, added, removed].map(number),
    changed === null ? "" : number(changed),
  ];
  return [
    `from ${report.from}\nto   ${report.to}\n`,
    columns(
      [
        ["", "FROM", "TO", "ADDED", "REMOVED", "CHANGED"],
        row("interactions", interactions, interactions.changed),
        row("users", users, null),
        row("items", items, null),
        row("catalogue", catalogue, catalogue.changed),
      ],
      1,
    ),
    `of the changed interactions ${number(interactions.changed_value)} differ in value, ` +
      `${number(interactions.changed_count)} in count, ${number(interactions.changed_time)} in time\n`,
    users.reordered === 0 ? "" : `${number(users.reordered)} users have the same interactions in another order\n`,
  ].join("");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
