import { Command } from "commander";
import { analyzeExperimentCommand } from "./analyze-experiment.ts";
import { calculateAvailabilityCommand } from "./calculate-availability.ts";
import { collectEvidenceCommand } from "./collect-evidence.ts";
import { demoCommand } from "./demo.ts";
import type { CliDependencies } from "./dependencies.ts";
import { driftCommand } from "./drift.ts";
import { evaluateCommand } from "./evaluate.ts";
import { importCommand } from "./import.ts";
import { modelsCommand } from "./models.ts";
import { packageDeliverablesCommand } from "./package-deliverables.ts";
import { recommendAllCommand } from "./recommend-all.ts";
import { replayCommand } from "./replay.ts";
import { retrainCommand } from "./retrain.ts";
import { sampleSizeCommand } from "./sample-size.ts";
import { serveCommand } from "./serve.ts";
import { snapshotsCommand } from "./snapshots.ts";
import { streamCommand } from "./stream.ts";
import { trainCommand } from "./train.ts";
import { tuneCommand } from "./tune.ts";
import { verifyModelUpdatesCommand } from "./verify-model-updates.ts";

/** All verbs. */
export function program(deps: CliDependencies): Command {
  const reprise = new Command("reprise").description("a movie recommender whose every answer can be computed again");
  const verbs = [
    demoCommand,
    importCommand,
    snapshotsCommand,
    trainCommand,
    retrainCommand,
    evaluateCommand,
    tuneCommand,
    modelsCommand,
    recommendAllCommand,
    serveCommand,
    replayCommand,
    streamCommand,
    analyzeExperimentCommand,
    sampleSizeCommand,
    driftCommand,
    calculateAvailabilityCommand,
    verifyModelUpdatesCommand,
    collectEvidenceCommand,
    packageDeliverablesCommand,
  ];
  for (const verb of verbs) reprise.addCommand(verb(deps));
  return reprise;
}
