import { readFile } from "node:fs/promises";
import { sleep } from "./soak.ts";

const MIB = 1 << 20;
const SAMPLE_MS = 500;

/** Resident memory of a process in bytes, or null where the system does not tell in /proc. */
export async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kibibytes = /^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

export interface MemoryWatch {
  /** Samples in bytes, two a second, in order. */
  stop(): Promise<readonly number[]>;
}

export function watchMemory(pid: number): MemoryWatch {
  const samples: number[] = [];
  let stopped = false;
  const watching = (async () => {
    for (; !stopped; await sleep(SAMPLE_MS)) {
      const bytes = await residentBytes(pid);
      if (bytes !== null) samples.push(bytes);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await watching;
      return samples;
    },
  };
}

/** Mean of a part of the samples, between two shares of the time, in MiB. */
export function meanMib(samples: readonly number[], from: number, to: number): number {
  const part = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to));
  return part.reduce((sum, bytes) => sum + bytes, 0) / part.length / MIB;
}
