import { availableParallelism, cpus, loadavg } from "node:os";
import type { Row } from "./case.ts";
import type { Lab } from "./lab.ts";
import type { Quartiles } from "./quartiles.ts";

/** What `--format json` prints. */
export interface Report {
  readonly machine: { readonly cores: number; readonly arch: string; readonly cpu: string; readonly node: string };
  /** Load averages over one minute; above the number of cores, others were busy and the figures are rough. */
  readonly load: { readonly before: number; readonly after: number };
  readonly data: {
    readonly name: string;
    readonly users: number;
    readonly items: number;
    readonly interactions: number;
  };
  readonly engine_digest: string;
  readonly rows: readonly Row[];
}

export function currentLoad(): number {
  return loadavg()[0];
}

export function reportOf({ data, set, engine }: Lab, loadBefore: number, rows: readonly Row[]): Report {
  return {
    machine: {
      cores: availableParallelism(),
      arch: process.arch,
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      node: process.version,
    },
    load: { before: loadBefore, after: currentLoad() },
    data: {
      name: data.name,
      users: set.users.length,
      items: set.items.length,
      interactions: set.histories.item.length,
    },
    engine_digest: engine.digest,
    rows,
  };
}

/** The report as text: what it was measured on, a table, and a line of explanation for each row. */
export function textOf({ machine, load, data, rows }: Report): string {
  const { name, users, items, interactions } = data;
  const table = [
    ["row", "ratio", "quartiles", "Reprise", "peer", "unit", "runs", "beside"],
    ...rows.map((row) => [
      row.id,
      figure(row.ratio),
      `${figure(row.low)}–${figure(row.high)}`,
      withSpread(row.reprise_value),
      withSpread(row.peer_value),
      row.unit,
      String(row.runs),
      row.peer,
    ]),
  ];
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.arch}, Node ${machine.node}, ` +
      `load ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after`,
    `${name}: ${users} users, ${items} items, ${interactions} interactions`,
    "Medians and quartiles over pairs of runs in turns; ratio above 1: Reprise is faster.",
    "",
    ...aligned(table),
    "",
    ...rows.map(({ id, note }) => `${id}: ${note}`),
    "",
  ].join("\n");
}

function withSpread({ low, median, high }: Quartiles): string {
  return `${figure(median)} (${figure(low)}–${figure(high)})`;
}

/** Three significant digits. */
function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  return table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}
