import { Command } from "commander";
import project from "../../package.json" with { type: "json" };
import type { CliDependencies } from "./dependencies.ts";

type MakeVerb = (deps: CliDependencies) => Command;

/** All verbs, each loaded when it is wanted: together they take longer to load than some take to run. */
const VERBS: Readonly<Record<string, () => Promise<MakeVerb>>> = {
  demo: async () => (await import("./demo.ts")).demoCommand,
  import: async () => (await import("./import.ts")).importCommand,
  snapshots: async () => (await import("./snapshots.ts")).snapshotsCommand,
  train: async () => (await import("./train.ts")).trainCommand,
  retrain: async () => (await import("./retrain.ts")).retrainCommand,
  evaluate: async () => (await import("./evaluate.ts")).evaluateCommand,
  tune: async () => (await import("./tune.ts")).tuneCommand,
  models: async () => (await import("./models.ts")).modelsCommand,
  "recommend-all": async () => (await import("./recommend-all.ts")).recommendAllCommand,
  serve: async () => (await import("./serve.ts")).serveCommand,
  replay: async () => (await import("./replay.ts")).replayCommand,
  stream: async () => (await import("./stream.ts")).streamCommand,
  "analyze-experiment": async () => (await import("./analyze-experiment.ts")).analyzeExperimentCommand,
  "sample-size": async () => (await import("./sample-size.ts")).sampleSizeCommand,
  drift: async () => (await import("./drift.ts")).driftCommand,
  "calculate-availability": async () => (await import("./calculate-availability.ts")).calculateAvailabilityCommand,
  "verify-model-updates": async () => (await import("./verify-model-updates.ts")).verifyModelUpdatesCommand,
  "collect-evidence": async () => (await import("./collect-evidence.ts")).collectEvidenceCommand,
  "package-deliverables": async () => (await import("./package-deliverables.ts")).packageDeliverablesCommand,
};

/**
 * The command line.
 * @param wanted the verb that the user named: where there is such a one, the others are left out
 */
export async function program(deps: CliDependencies, wanted?: string): Promise<Command> {
  const reprise = new Command("reprise")
    .description("a movie recommender whose every answer can be computed again")
    .version(project.version)
    // The --version of a verb is the verb's own.
    .enablePositionalOptions();
  const loaders = wanted !== undefined && Object.hasOwn(VERBS, wanted) ? [VERBS[wanted]] : Object.values(VERBS);
  for (const verb of await Promise.all(loaders.map((load) => load()))) reprise.addCommand(verb(deps));
  return reprise;
}
