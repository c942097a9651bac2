import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileCache, SERVE_FLAGS } from "../../scripts/serve-flags.mjs";
import { CLI, ROOT, type Service, startProcess } from "../../test/runtime/processes.ts";
import { type Connection, openConnection } from "./client.ts";
import { publishShape } from "./published.ts";
import type { Shape } from "./shape.ts";

/** A service in a process of its own, and what asks it. */
export interface Served {
  readonly service: Service;
  readonly connections: readonly Connection[];
  /** Microseconds of CPU that the process has used, in all of its threads, kernel and garbage collection included. */
  cpuMicroseconds(): Promise<number>;
  close(): Promise<void>;
}

/** Publishes a shape to a folder of its own. */
export async function shapeFolder(shape: Shape): Promise<{ readonly folder: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "reprise-request-"));
  await publishShape(join(folder, "models"), shape);
  return { folder, close: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts `service.ts` on the models of a folder, by the flags that `npm start` has. */
export async function serveFolder(runtime: "node" | "deno", folder: string, connections: number): Promise<Served> {
  const [program = "", ...args] = CLI[runtime].slice(0, -1);
  const flags = runtime === "node" ? SERVE_FLAGS : [];
  const script = `${ROOT}bench/request/service.ts`;
  const service = await startProcess([program, ...flags, ...args, script, join(folder, "models")], {
    REPRISE_STATE_DIR: await mkdtemp(join(folder, "state-")),
    ...compileCache(folder),
  });
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(service.base)));
  return {
    service,
    connections: open,
    cpuMicroseconds: async () => {
      // Anew each time: the service closes one on which nothing is asked for a while.
      const control = await openConnection(service.base);
      const { user, system } = JSON.parse(await control.get("/cpu")) as NodeJS.CpuUsage;
      control.close();
      return user + system;
    },
    close: async () => {
      for (const connection of open) connection.close();
      await service.stop();
    },
  };
}

/** What is asked for: users in an order that has nothing to do with their rows, as many as there are at most. */
export function recommendPaths({ users }: Shape): string[] {
  return Array.from({ length: Math.min(users, 20_000) }, (_, at) => `/recommend/${1 + ((at * 6_961) % users)}?k=10`);
}
