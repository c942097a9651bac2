import { Command, Option } from "commander";
import { DataError, InputError, IntegrityError } from "../base/errors.ts";
import { currentInteractions } from "../drift/current.ts";
import { trainedInteractions } from "../drift/observed.ts";
import { artifactProfile, type DriftReference, profileOf, referenceOf } from "../drift/profile.ts";
import { countsReport, type DriftReport, driftReport } from "../drift/report.ts";
import { measureWindow } from "../drift-watch.ts";
import { sampledScores } from "../evaluation/sampled-lists.ts";
import { CHAMPION } from "../registry/catalog.ts";
import { openRegistry, type Registry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { checkSameBins, countsIn, observedIn, timeOf, within } from "./drift-inputs.ts";
import { loadSnapshot } from "./load-snapshot.ts";
import { registryOption, versionNamed } from "./model-options.ts";
import { number } from "./numbers.ts";
import { driftText } from "./report/drift-text.ts";
import { action, type ExitCode } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

const DEFAULT_HOURS = 24;
const MAX_HOURS = 8_784;
const HOUR_MS = 3_600_000;

export type DriftDependencies = Pick<
  CliDependencies,
  "out" | "err" | "env" | "now" | "models" | "snapshots" | "database" | "readText" | "engine"
>;

interface DriftOptions {
  readonly reference?: string;
  readonly current?: string;
  readonly model?: string;
  readonly snapshot?: string;
  readonly currentSnapshot?: string;
  readonly referenceFrom?: string;
  readonly referenceTo?: string;
  readonly from?: string;
  readonly to?: string;
  readonly hours: number;
  readonly database: string;
  readonly models: string;
  readonly snapshotDir: string;
  readonly format: "text" | "json";
}

/** A report, and what was compared. */
type Compared = DriftReport & { readonly reference: string; readonly current: string };

export function driftCommand(deps: DriftDependencies): Command {
  const { env } = deps;
  const database = env.REPRISE_DATABASE || `${env.REPRISE_STATE_DIR || "var"}/reprise.sqlite`;
  return new Command("drift")
    .description(
      "how far data moved from what a model was trained on; alone, what the live model answers and the events since",
    )
    .option("--reference <file>", 'counts to compare with, JSON {"feature": [counts]} (- is standard input)')
    .option("--current <file>", "counts in the same bins")
    .addOption(new Option("--model <version>", "compare with what a version was trained on").conflicts("snapshot"))
    .option("--snapshot <id>", "compare with a snapshot, by its id or the start of it")
    .option("--current-snapshot <id>", "the snapshot that is compared; with --snapshot the same one unless told")
    .option("--from <time>", "of the current snapshot only what happened from this day or time (UTC) on")
    .option("--to <time>", "and before this one")
    .option("--reference-from <time>", "of --snapshot only what happened from this day or time (UTC) on")
    .option("--reference-to <time>", "and before this one")
    .addOption(
      new Option("--hours <n>", "how far back answers and events count").argParser(number).default(DEFAULT_HOURS),
    )
    .addOption(new Option("--database <file>", "the local database (REPRISE_DATABASE)").default(database))
    .addOption(registryOption(env))
    .addOption(snapshotDirectoryOption(env))
    .addOption(formatOption())
    .action(
      action(async (options: DriftOptions) => {
        checkOptions(options);
        const report = await compare(options, deps).catch(untold);
        deps.out.write(
          options.format === "json"
            ? `${JSON.stringify(report, null, 2)}\n`
            : `${report.current} against ${report.reference}\n\n${driftText(report)}`,
        );
        return exitCodeOf(report);
      }),
    );
}

function exitCodeOf({ verdict }: DriftReport): ExitCode {
  return verdict === "no_drift" ? 0 : verdict === "drift" ? 1 : 2;
}

/** Exit code 1 says drift here: data that cannot be read leaves the question open. */
function untold(error: unknown): never {
  if (error instanceof DataError || error instanceof IntegrityError) throw new Error(error.message, { cause: error });
  throw error;
}

function checkOptions(options: DriftOptions): void {
  const given = (names: readonly (keyof DriftOptions)[]) => names.some((name) => options[name] !== undefined);
  const files = given(["reference", "current"]);
  const times = given(["from", "to", "referenceFrom", "referenceTo"]);
  if (files && (options.reference === undefined || options.current === undefined)) {
    throw InputError.of("--reference", null, "--reference and --current go together");
  }
  if (files && (given(["model", "snapshot", "currentSnapshot"]) || times)) {
    throw InputError.of(
      "--reference",
      options.reference,
      "files of counts have no snapshot, model or time beside them",
    );
  }
  if (options.currentSnapshot !== undefined && !given(["model", "snapshot"])) {
    throw InputError.of("--current-snapshot", options.currentSnapshot, "name --model or --snapshot to compare it with");
  }
  if (options.snapshot === undefined && given(["referenceFrom", "referenceTo"])) {
    throw InputError.of("--reference-from", null, "--reference-from and --reference-to want --snapshot");
  }
  if (times && !given(["snapshot", "currentSnapshot"])) {
    throw InputError.of("--from", options.from ?? options.to, "--from and --to want a snapshot; see --hours");
  }
  if (options.snapshot !== undefined && options.currentSnapshot === undefined && !times) {
    throw InputError.of("--current-snapshot", null, "is missing: name it, or a part of --snapshot by --from or --to");
  }
  if (!(options.hours > 0 && options.hours <= MAX_HOURS)) {
    throw InputError.of(
      "--hours",
      options.hours,
      `must be a number above 0, at most ${MAX_HOURS}, is ${options.hours}`,
    );
  }
}

function compare(options: DriftOptions, deps: DriftDependencies): Promise<Compared> {
  if (options.reference !== undefined) return compareFiles(options, deps);
  if (options.snapshot !== undefined || options.currentSnapshot !== undefined) return compareSnapshots(options, deps);
  return compareWindow(options, deps);
}

async function compareFiles(
  { reference = "", current = "" }: DriftOptions,
  deps: DriftDependencies,
): Promise<Compared> {
  const own = countsIn("--reference", reference, await deps.readText(reference));
  const now = countsIn("--current", current, await deps.readText(current));
  checkSameBins(own, now);
  return { reference, current, ...countsReport(own, now) };
}

async function compareSnapshots(options: DriftOptions, deps: DriftDependencies): Promise<Compared> {
  const { model, snapshot = "", currentSnapshot = snapshot, snapshotDir } = options;
  const stretch = { from: timeOf("--from", options.from), to: timeOf("--to", options.to) };
  const usualStretch = {
    from: timeOf("--reference-from", options.referenceFrom),
    to: timeOf("--reference-to", options.referenceTo),
  };
  const now = within(await loadSnapshot(snapshotDir, currentSnapshot, deps), stretch);
  const current = `snapshot ${now.id}`;
  if (model !== undefined) {
    const { reference, version } = await versionReference(model, options, deps);
    return {
      reference: version,
      current,
      ...driftReport(reference.profile, currentInteractions(reference, observedIn(now))),
    };
  }
  const usual = within(await loadSnapshot(snapshotDir, snapshot, deps), usualStretch);
  const profile = profileOf(observedIn(usual), null);
  if (!profile) throw new Error(`snapshot ${usual.id}: holds no interactions`);
  const reference = referenceOf(observedIn(usual), profile);
  const report = driftReport(profile, currentInteractions(reference, observedIn(now)));
  return { reference: `snapshot ${usual.id}`, current, ...report };
}

async function compareWindow(options: DriftOptions, deps: DriftDependencies): Promise<Compared> {
  const { live, traces, events, close } = deps.database(options.database, { create: false });
  try {
    const { model = (await live.read())?.rollout.primary_version ?? CHAMPION, hours } = options;
    const { reference, version, itemOf } = await versionReference(model, options, deps);
    const watched = { reference, version, itemOf, from: deps.now() - hours * HOUR_MS };
    const window = await measureWindow(watched, { traces, events, breathe: async () => {} });
    const { report, answers, events: happened, truncated } = window;
    const newest = truncated ? ", the newest of more" : "";
    const current = `${answers} answers and ${happened} events of ${hours} hours${newest}`;
    return { reference: version, current, ...report };
  } finally {
    close();
  }
}

/** A version's profile, which is computed where it is older than profiles, and what its artifact knows. */
async function versionReference(name: string, { models }: DriftOptions, deps: DriftDependencies) {
  const registry: Registry = openRegistry(deps.models(models));
  const { manifest, artifact } = await registry.load(await versionNamed(registry, name));
  const profile =
    manifest.drift_profile ?? artifactProfile(artifact, sampledScores(artifact, (await deps.engine()).newCore()));
  if (!profile) throw new Error(`${manifest.version}: holds no interactions`);
  const reference: DriftReference = referenceOf(trainedInteractions(artifact), profile);
  const byId = new Map(artifact.items.map((item) => [item.movie_id, item]));
  return { reference, version: manifest.version, itemOf: (id: string) => byId.get(id) };
}
