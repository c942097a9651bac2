import { ROOT } from "./processes.ts";

/** The Worker of the service as wrangler.toml has it, with what a test adds. */
export function serviceWorker(extra: Readonly<Record<string, unknown>>) {
  return {
    config: {
      name: "reprise",
      main: "src/worker.ts",
      compatibility_date: "2026-08-04",
      assets: { directory: `${ROOT}build/assets`, binding: "ASSETS", run_worker_first: true },
      r2_buckets: [
        { binding: "MODELS", bucket_name: "models" },
        { binding: "SNAPSHOTS", bucket_name: "snapshots" },
      ],
      durable_objects: {
        bindings: [
          { name: "LIVE", class_name: "LiveRecordObject" },
          { name: "METRICS", class_name: "MetricsObject" },
        ],
      },
      migrations: [{ tag: "v1", new_sqlite_classes: ["LiveRecordObject", "MetricsObject"] }],
      d1_databases: [{ binding: "TRACES", database_name: "traces", database_id: "local" }],
      ...extra,
    },
  };
}

/** Asks until it is so: a queue hands over in its own time, and so does what follows an answer. */
export async function eventually<T>(ask: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const value = await ask();
    if (isSo(value) || Date.now() > deadline) return value;
  }
}
