import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { loadavg } from "node:os";
import { join } from "node:path";
import { CLI, ROOT, startProcess } from "../runtime/processes.ts";
import { checkReplay, countsOf, replayLast } from "./replayed.ts";
import { Faults, quantile, type Soak, sleep } from "./soak.ts";
import { publishVersions } from "./versions.ts";

/** Of how many events the user's next answer is asked for and timed. */
const TIMED_EVERY = 10;
const MAX_P99_MS = 20;
const CONNECTIONS = 64;
const RATED = 5;

interface Answer {
  readonly source: string;
  readonly items: readonly number[];
  readonly provenance: { readonly history_seq: number };
}

/** Reports events and asks for lists at a fixed rate each, and times how soon an event changes its user's answer. */
export const events: Soak = async (folder, { seconds, rate, say }) => {
  const models = join(folder, "models");
  const environment = { REPRISE_STATE_DIR: join(folder, "state"), MODEL_REGISTRY: models, MODEL_VERSION: "v0.2" };
  const { data, users, items } = await publishVersions(models, 2, say);
  const faults = new Faults();
  const [followedMs, acceptedMs, answeredMs]: [number[], number[], number[]] = [[], [], []];
  const seen = new Map<string, number>();
  const service = await startProcess([...CLI.node, "serve"], environment);
  const http = client(service.base);

  const ask = async (user: string): Promise<Answer> => {
    const startedAt = performance.now();
    const answer = (await http("GET", `/recommend/${user}`)) as Answer;
    answeredMs.push(performance.now() - startedAt);
    return answer;
  };
  const report = async (place: number): Promise<void> => {
    const user = users[place % users.length] as string;
    // Consecutive films, from another one for each user, so that nobody rates one twice.
    const film = items[(place % users.length) + Math.floor(place / users.length) * 7] ?? items[place % items.length];
    const startedAt = performance.now();
    const event = { event_id: `soak-${place}`, type: "rate", user_id: user, movie_id: film, rating: RATED };
    const { accepted } = (await http("POST", "/events", JSON.stringify(event))) as { accepted: number };
    const acceptedAt = performance.now();
    acceptedMs.push(acceptedAt - startedAt);
    if (accepted !== 1) faults.add(`event ${place} is not accepted`);
    if (place % TIMED_EVERY !== 0) return;
    const answer = await ask(user);
    followedMs.push(performance.now() - acceptedAt);
    const { history_seq } = answer.provenance;
    if (answer.source !== "fold_in" || history_seq < (seen.get(user) ?? 1) || answer.items.includes(Number(film))) {
      faults.add(`user ${user} after event ${place}: ${answer.source} of ${history_seq}, with ${film}`);
    }
    seen.set(user, history_seq);
  };

  let answers = 0;
  let busySeconds = 0;
  const loadBefore = loadavg()[0] as number;
  try {
    await ask(users[0] as string);
    answeredMs.pop();
    say(`${rate} events and ${rate} requests a second for ${seconds} s …`);
    await Promise.all([
      paced(rate, seconds, report, faults),
      paced(rate, seconds, async (place) => void (await ask(users[(place * 37) % users.length] as string)), faults),
    ]);
    busySeconds = await cpuSeconds(service.pid);
    answers = answeredMs.length + 1;
  } finally {
    await service.stop();
  }
  say(`replaying ${answers} answers …`);
  const replayed = await replayLast(ROOT, answers + 1, environment);
  checkReplay("all answers", replayed, answers, faults);
  const p99 = quantile(followedMs, 0.99);
  if (p99 >= MAX_P99_MS) faults.add(`p99 from accepted to changed answer is ${p99.toFixed(1)} ms`);
  return {
    failures: faults.told(),
    figures: {
      data,
      "load of the machine before": loadBefore.toFixed(1),
      "processor time of the service, s": busySeconds.toFixed(1),
      "events accepted": acceptedMs.length,
      "until accepted, ms (p50, p99)": figures(acceptedMs),
      "accepted to changed answer, ms (p50, p99, most)": `${figures(followedMs)}, ${quantile(followedMs, 1).toFixed(1)}`,
      "answers, ms (p50, p99)": `${answers}, ${figures(answeredMs)}`,
      "replayed (match, mismatch, unavailable)": countsOf(replayed),
    },
  };
};

/** What Linux says a process has used, in the kernel's hundredths. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

const figures = (samples: readonly number[]) =>
  [0.5, 0.99].map((share) => quantile(samples, share).toFixed(1)).join(", ");

/** Begins `rate` turns a second, whether those before have ended or not, and waits for all. */
async function paced(
  rate: number,
  seconds: number,
  turn: (place: number) => Promise<void>,
  faults: Faults,
): Promise<void> {
  const turns: Promise<void>[] = [];
  const startedAt = performance.now();
  while (turns.length < rate * seconds) {
    const due = Math.min(rate * seconds, ((performance.now() - startedAt) * rate) / 1000);
    while (turns.length < due) turns.push(turn(turns.length).catch((error) => faults.add(String(error))));
    await sleep(1);
  }
  await Promise.all(turns);
}

function client(base: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return (method: string, path: string, body?: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "Content-Type": "application/json" };
      const sent = request(`${base}${path}`, { agent, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text));
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`));
        });
      });
      sent.once("error", reject);
      sent.end(body);
    });
}
