import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { events } from "./events.ts";
import { hotRollout, hotSwap, rotation } from "./hot-swap.ts";
import { kill } from "./kill.ts";
import { outbox } from "./outbox.ts";
import { replay } from "./replay.ts";
import { request } from "./request.ts";
import type { Soak, SoakOptions } from "./soak.ts";

const SOAKS: Readonly<Record<string, Soak>> = {
  "hot-swap": hotSwap,
  "hot-rollout": hotRollout,
  rotation,
  kill,
  replay,
  events,
  request,
  outbox,
};

const HELP = `npm run soak -- [NAME…] [options]

Loads a service of its own for minutes and demands that it stays right. Without a name, all of:
  hot-swap       switches under load: no request fails, every answer is its version's, memory stays
  hot-rollout    the same with updates of the rollout, and every user in the arm that the revision says
  rotation       switches between more versions than stay in memory: what is released gives its memory back
  kill           kill -9 during switches, updates, publishing and the writing of traces: what was acknowledged stays
  replay         a mixed history of requests, all replayed, some on Deno and workerd, all again by a changed engine
  events         events beside requests: how soon an answer follows, every answer replayed
  request        requests a second on Node, Deno and workerd, and latencies at half and nine tenths of that
  outbox         a broker that is away and two kills -9: every accepted event arrives, in order per user

  --seconds N      how long hot-swap, hot-rollout, rotation and events load it, and the broker of outbox stays away (60)
  --connections N  how many requests are under way at once (64)
  --changes N      changes of what is live a second, of hot-swap and hot-rollout (20)
  --kills N        how often kill kills (100)
  --requests N     how many requests replay makes (100000)
  --rate N         events a second of events, and as many requests (500)
`;

/** Runs what the arguments name, and gives the exit code: 1 where a requirement was not met, 2 where nothing ran. */
async function main(args: readonly string[]): Promise<number> {
  const number = (fallback: number) => ({ type: "string", default: String(fallback) }) as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: number(60),
      connections: number(64),
      changes: number(20),
      kills: number(100),
      requests: number(100_000),
      rate: number(500),
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(SOAKS);
  const unknown = names.filter((name) => !Object.hasOwn(SOAKS, name));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(", ")}; known: ${Object.keys(SOAKS).join(", ")}`);
  const options: SoakOptions = {
    seconds: whole("seconds", values.seconds),
    connections: whole("connections", values.connections),
    changes: whole("changes", values.changes),
    kills: whole("kills", values.kills),
    requests: whole("requests", values.requests),
    rate: whole("rate", values.rate),
    say: (text) => process.stderr.write(`${text}\n`),
  };
  let failed = 0;
  for (const name of names) failed += await runOne(name, options);
  return failed === 0 ? 0 : 1;
}

async function runOne(name: string, options: SoakOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), `reprise-soak-${name}-`));
  try {
    const { figures, failures } = await (SOAKS[name] as Soak)(folder, options);
    process.stdout.write(`${name}: ${failures.length === 0 ? "holds" : "FAILS"}\n`);
    for (const [figure, value] of Object.entries(figures)) process.stdout.write(`  ${figure}: ${value}\n`);
    for (const failure of failures) process.stdout.write(`  FAILED ${failure}\n`);
    return failures.length;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whole(name: string, text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new Error(`--${name}: ${text} is not a positive integer`);
  return Number(text);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
