import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Ranking } from "../../src/kernel/factor-space.ts";
import { PYTHON } from "../../test/integration/python.ts";
import { K, type Questions, RUN_SECONDS } from "../questions.ts";

/** Libraries that the Python process measures with; their names are those of its methods. */
export type Peer = "implicit" | "numpy";

/** One Python process with one thread, waiting between questions. */
export interface Peers {
  load(questions: Questions): Promise<void>;
  lists(peer: Peer): Promise<Ranking[]>;
  /** Makes every list, as often as a run has to last, and returns the time of one as Python measured it. */
  microseconds(peer: Peer): Promise<number>;
  close(): void;
}

export function openPeers(): Peers {
  const script = fileURLToPath(new URL("peers.py", import.meta.url));
  const threads = { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn(PYTHON, [script], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...threads } });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error("the Python process ended");
    return JSON.parse(value);
  };
  return {
    load: async (questions) => {
      const folder = mkdtempSync(join(tmpdir(), "peers-"));
      try {
        writeQuestions(folder, questions);
        await ask({ load: folder });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    lists: async (peer) => {
      const { rows, scores } = await ask({ answer: peer });
      return rows.map((list: number[], at: number) => ({
        rows: Int32Array.from(list),
        scores: Float32Array.from(scores[at]),
      }));
    },
    microseconds: async (peer) => (await ask({ time: peer, seconds: RUN_SECONDS })).microseconds,
    close: () => child.stdin.end(),
  };
}

function writeQuestions(folder: string, { items, factors, asked, isBatch }: Questions): void {
  const seenCounts = asked.map(({ seen }) => seen.length);
  const shape = { k: K, rows: items.length / factors, factors, seen_counts: seenCounts, is_batch: isBatch };
  writeFileSync(join(folder, "shape.json"), JSON.stringify(shape));
  writeFileSync(join(folder, "items.f32"), items);
  writeFileSync(join(folder, "queries.f32"), Float32Array.from(asked.flatMap(({ query }) => [...query])));
  writeFileSync(join(folder, "seen.i32"), Int32Array.from(asked.flatMap(({ seen }) => [...seen])));
}
