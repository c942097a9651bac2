import { Command, Option } from "commander";
import { DataError, InputError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import { cmuLogSource } from "../interactions/cmu-log.ts";
import { COLUMN_ROLES, type ColumnNames, type ColumnRole } from "../interactions/columns.ts";
import { csvSource } from "../interactions/csv.ts";
import type { InputLocation } from "../interactions/files.ts";
import { movielensSource } from "../interactions/movielens.ts";
import { ncfSource } from "../interactions/ncf.ts";
import { parquetSource } from "../interactions/parquet.ts";
import type { InteractionSource, LineCounts, RejectedLine, SourceCounts } from "../interactions/source.ts";
import { SnapshotBuilder } from "../snapshot/builder.ts";
import { describeSnapshot } from "../snapshot/store.ts";
import type { CliDependencies } from "./dependencies.ts";
import { progressBar } from "./progress-bar.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

type ImportDependencies = Pick<CliDependencies, "out" | "err" | "env" | "now" | "files" | "snapshots">;

const FORMATS = ["movielens", "csv", "parquet", "ncf", "cmu-log"] as const;

interface ImportOptions {
  readonly inputFormat: (typeof FORMATS)[number];
  readonly columns?: ColumnNames;
  readonly maxBad: number;
  readonly snapshotDir: string;
  readonly format: "text" | "json";
}

/** `import`'s JSON output. */
interface ImportReport {
  readonly snapshot_id: string;
  readonly interactions: number;
  readonly users: number;
  /** Items with at least one interaction. */
  readonly items: number;
  readonly catalogue: number;
  readonly lines: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly quarantined: number;
  /** Bad lines of the file of items; they are not among `lines`. */
  readonly quarantined_items: number;
  /** What became of the lines of each file, that of the items first. */
  readonly files: readonly LineCounts[];
  readonly path: string;
  readonly quarantine_file: string | null;
}

export function importCommand(deps: ImportDependencies): Command {
  return new Command("import")
    .description("read a data set into a snapshot and print its id")
    .argument("<path>", "a file, a folder with the set's usual file names (each also with .gz), or a .zip of either")
    .addOption(new Option("--input-format <format>", "format of the data").choices(FORMATS).makeOptionMandatory())
    .option(
      "--columns <roles>",
      `for csv and parquet: which column is what, as in user=userId,item=movieId (roles: ${COLUMN_ROLES.join(", ")})`,
      parseColumns,
    )
    .option("--max-bad <share>", "largest share of malformed lines, 0 to 1", parseShare, 0.05)
    .addOption(snapshotDirectoryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (path: string, options: ImportOptions) => {
        const bar = progressBar(deps);
        try {
          const report = await importSnapshot(path, options, deps, bar.progress);
          bar.clear();
          deps.out.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : summary(report));
        } finally {
          bar.clear();
        }
      }),
    );
}

async function importSnapshot(
  path: string,
  options: ImportOptions,
  deps: ImportDependencies,
  progress: Progress,
): Promise<ImportReport> {
  const location = await deps.files.locate(path);
  const source = openSource(location, options);
  const importedAt = new Date(deps.now()).toISOString();
  const { builder, counts, quarantineFile } = await readSource(source, location, importedAt, options, deps, progress);

  progress("putting it in order", 0, 0);
  const { snapshot, duplicates } = builder.build();
  const { lines, ignored, rejected } = sumOf(location, counts.interactions);
  const origin = {
    source: location.name,
    format: options.inputFormat,
    imported_at: importedAt,
    lines,
    duplicates,
    ignored,
    quarantined: rejected,
  };
  const { interactions, users, items, catalogue } = describeSnapshot(snapshot, origin);
  const saved = await deps.snapshots(options.snapshotDir).save(snapshot, origin, progress);
  return {
    snapshot_id: snapshot.id,
    interactions,
    users,
    items,
    catalogue,
    lines,
    duplicates,
    ignored,
    quarantined: rejected,
    quarantined_items: counts.items?.rejected ?? 0,
    files: [...(counts.items === null ? [] : [counts.items]), ...counts.interactions],
    path: saved.path,
    quarantine_file: quarantineFile,
  };
}

function openSource(location: InputLocation, { inputFormat, columns }: ImportOptions): InteractionSource {
  if (inputFormat === "csv") return csvSource(location, columns ?? {});
  if (inputFormat === "parquet") return parquetSource(location, columns ?? {});
  if (columns !== undefined) throw InputError.of("--columns", columns, "applies to the formats csv and parquet only");
  if (inputFormat === "ncf") return ncfSource(location);
  return inputFormat === "movielens" ? movielensSource(location) : cmuLogSource(location);
}

async function readSource(
  source: InteractionSource,
  location: InputLocation,
  importedAt: string,
  options: ImportOptions,
  deps: ImportDependencies,
  progress: Progress,
): Promise<{ builder: SnapshotBuilder; counts: SourceCounts; quarantineFile: string | null }> {
  const builder = new SnapshotBuilder();
  const name = `${location.name}-${importedAt.replace(/[:.]/g, "-")}.jsonl`;
  const quarantine = deps.files.quarantine(`${options.snapshotDir}/quarantine`, name);
  const firstBad = new Map<string, RejectedLine>();
  let counts: SourceCounts;
  let quarantineFile: string | null;
  try {
    counts = await source.read(
      {
        item: (item) => builder.addItem(item),
        interaction: ({ user, item, value, time, sequence, count }) =>
          builder.add(user, item, value, time, sequence, count),
        reject(line) {
          quarantine.add(line);
          if (!firstBad.has(line.file)) firstBad.set(line.file, line);
        },
      },
      progress,
    );
  } finally {
    quarantineFile = quarantine.close();
  }
  const parts = [counts.items === null ? [] : [counts.items], counts.interactions];
  for (const files of parts) {
    const first = files.map(({ file }) => firstBad.get(file)).find((line) => line !== undefined);
    if (first) refuseBadShare(sumOf(location, files), first, options.maxBad, quarantineFile);
  }
  const { file, accepted } = sumOf(location, counts.interactions);
  if (accepted === 0) throw new DataError(file, "holds no interactions");
  return { builder, counts, quarantineFile };
}

/** The lines of several files together: a set is judged as a whole, however it is cut. */
function sumOf(location: InputLocation, files: readonly LineCounts[]): LineCounts {
  const sum = (name: "lines" | "accepted" | "ignored" | "rejected") =>
    files.reduce((total, counts) => total + counts[name], 0);
  return {
    file: files.length === 1 ? files[0].file : location.path,
    lines: sum("lines"),
    accepted: sum("accepted"),
    ignored: sum("ignored"),
    rejected: sum("rejected"),
  };
}

function refuseBadShare(counts: LineCounts, first: RejectedLine, maxBad: number, quarantineFile: string | null): void {
  if (counts.rejected <= maxBad * counts.lines) return;
  throw new DataError(
    counts.file,
    `${number(counts.rejected)} of ${number(counts.lines)} lines are malformed, more than --max-bad ${maxBad} allows ` +
      `(line ${first.line}${first.file === counts.file ? "" : ` of ${first.file}`}: ${first.reason}); all are in ${quarantineFile}`,
  );
}

function parseColumns(text: string): ColumnNames {
  const names: Partial<Record<ColumnRole, string>> = {};
  for (const pair of text.split(",")) {
    const [role, name] = pair.split("=", 2).map((part) => part.trim());
    const known = COLUMN_ROLES.find((candidate) => candidate === role);
    if (known === undefined || !name) {
      throw InputError.of(
        "--columns",
        text,
        `${JSON.stringify(pair)} is not ROLE=COLUMN with a role of ${COLUMN_ROLES.join(", ")}`,
      );
    }
    if (names[known] !== undefined) throw InputError.of("--columns", text, `names ${known} twice`);
    names[known] = name;
  }
  return names;
}

function parseShare(text: string): number {
  const share = text.trim() === "" ? Number.NaN : Number(text);
  if (!(share >= 0 && share <= 1)) {
    throw InputError.of("--max-bad", text, `${JSON.stringify(text)} is not a number from 0 to 1`);
  }
  return share;
}

function summary(report: ImportReport): string {
  const bad = report.quarantined + report.quarantined_items;
  return [
    `snapshot ${report.snapshot_id}`,
    `  ${number(report.interactions)} interactions, ${number(report.users)} users, ${number(report.items)} items` +
      ` (catalogue of ${number(report.catalogue)})`,
    `  ${number(report.lines)} lines: ${number(report.duplicates)} duplicates, ${number(report.ignored)} ignored,` +
      ` ${number(report.quarantined)} quarantined`,
    ...(report.quarantine_file === null ? [] : [`  ${number(bad)} bad lines in ${report.quarantine_file}`]),
    `  in ${report.path}`,
    "",
  ].join("\n");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
