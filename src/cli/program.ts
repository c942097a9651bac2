import { Command } from "commander";
import { demoCommand } from "./demo.ts";
import type { CliDependencies } from "./dependencies.ts";
import { evaluateCommand } from "./evaluate.ts";
import { importCommand } from "./import.ts";
import { modelsCommand } from "./models.ts";
import { replayCommand } from "./replay.ts";
import { serveCommand } from "./serve.ts";
import { snapshotsCommand } from "./snapshots.ts";
import { trainCommand } from "./train.ts";
import { tuneCommand } from "./tune.ts";

/** All verbs. */
export function program(deps: CliDependencies): Command {
  const reprise = new Command("reprise").description("a movie recommender whose every answer can be computed again");
  const verbs = [
    demoCommand,
    importCommand,
    snapshotsCommand,
    trainCommand,
    evaluateCommand,
    tuneCommand,
    modelsCommand,
    serveCommand,
    replayCommand,
  ];
  for (const verb of verbs) reprise.addCommand(verb(deps));
  return reprise;
}
