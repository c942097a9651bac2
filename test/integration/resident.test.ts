import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { openConnection } from "../../bench/request/client.ts";
import { saturate } from "../../bench/request/load.ts";
import { publishShape } from "../../bench/request/published.ts";
import { ML_20M } from "../../bench/request/shape.ts";
import { compileCache, SERVE_FLAGS } from "../../scripts/serve-flags.mjs";
import { CLI, startProcess } from "../runtime/processes.ts";
import { residentBytes } from "../soak/memory.ts";
import { testGiven } from "./requirement.ts";

const MAX_RESIDENT_MIB = 250;
const CONNECTIONS = 16;
const BATCH = 2_000;
/** Until what loading left behind must be gone. */
const SETTLING_BATCHES = 20;
/** After them: what requests leave for the collector of garbage has grown to all that it lets stand. */
const BATCHES = 15;

const test = testGiven(process.platform === "linux" ? null : "resident memory is read in /proc, which only Linux has");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-resident-"));
  await publishShape(join(folder, "models"), ML_20M);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test(`a service of MovieLens 20M's shape has at most ${MAX_RESIDENT_MIB} MiB resident under load`, async () => {
  const [node = "", ...args] = CLI.node;
  const command = [node, ...SERVE_FLAGS, ...args, "serve", "--models", join(folder, "models")];
  const env = { REPRISE_STATE_DIR: join(folder, "state"), ...compileCache(folder) };
  // The first start leaves compiled modules for the next one.
  await (await startProcess(command, env)).stop();
  const service = await startProcess(command, env);
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection(service.base)));
  try {
    const paths = Array.from({ length: BATCH }, (_, at) => `/recommend/${1 + ((at * 6_961) % ML_20M.users)}?k=10`);
    const residentMib = async (): Promise<number> => {
      await saturate(connections, paths, BATCH);
      return Math.ceil(((await residentBytes(service.pid)) ?? Number.NaN) / (1 << 20));
    };
    const samples: number[] = [];
    do samples.push(await residentMib());
    while ((samples.at(-1) as number) > MAX_RESIDENT_MIB && samples.length < SETTLING_BATCHES);
    for (let more = 0; more < BATCHES; more++) samples.push(await residentMib());
    expect(Math.max(...samples.slice(-BATCHES)), samples.join(", ")).toBeLessThanOrEqual(MAX_RESIDENT_MIB);
  } finally {
    for (const connection of connections) connection.close();
    await service.stop();
  }
});
