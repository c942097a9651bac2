import { Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import { serveEnvironment } from "../environment.ts";
import type { ReplayResult } from "../provenance/replay.ts";
import { keptEngines } from "../provenance/replay-engines.ts";
import { openReplayer, type Replayer } from "../provenance/replayer.ts";
import type { TraceStore } from "../provenance/trace.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies, Database } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { progressBar } from "./progress-bar.ts";
import { type RemoteReplayer, remoteReplayer } from "./replay-remote.ts";
import { ReplayTally } from "./replay-tally.ts";
import { action, type ExitCode } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

/** Models held in memory: a history of switches goes back and forth between a few. */
const MODELS = 8;
/** Traces read from the database at a time. */
const PAGE = 500;

interface ReplayOptions {
  readonly last?: number;
  readonly answer?: string;
  readonly database?: string;
  readonly apiUrl?: string;
  readonly models: string;
  readonly format: "text" | "json";
}
