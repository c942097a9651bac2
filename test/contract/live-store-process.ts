import { openSqlite } from "../../src/drivers/sqlite.ts";
import type { Rollout } from "../../src/rollout/record.ts";
import { listTrace } from "./trace-store-samples.ts";

/**
 * A process of its own beside a test: changes the live record so many times, again when another was first, and writes
 * a batch of traces with each change. Prints every revision once it stands.
 */
const [path = "", times] = process.argv.slice(2);
const { live, traces } = openSqlite(path);
process.stdout.write("open\n");

for (let done = 0; done < Number(times); ) {
  const current = await live.read();
  const version = `v1.${current?.revision ?? 0}`;
  const rollout: Rollout = {
    strategy: "fixed",
    primary_version: version,
    canary_version: null,
    canary_percentage: 0,
    environment: "test",
  };
  const entry = {
    time: "",
    action: "switch",
    from: null,
    to: version,
    strategy: "fixed",
    actor: "",
    reason: null,
  } as const;
  const changed = await live.change(current?.revision ?? null, rollout, { ...entry, outcome: "done" });
  if (!changed) continue;
  done++;
  const batch = Array.from({ length: 20 }, (_, at) => listTrace(`r${changed.revision}`, at));
  await traces.append(batch, []);
  process.stdout.write(`${changed.revision}\n`);
}
