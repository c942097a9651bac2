import { execFileSync, spawnSync } from "node:child_process";
import { expect } from "vitest";
import { serializeText } from "../../src/drivers/prometheus-text.ts";
import { renderText } from "../../src/telemetry/exposition.ts";
import { openMetering } from "../../src/telemetry/metering.ts";
import { openTelemetry } from "../../src/telemetry/telemetry.ts";
import { type Missing, testGiven } from "./requirement.ts";

function promtoolMissing(): Missing {
  const { error } = spawnSync("promtool", ["--version"]);
  return error ? "promtool is not there; it comes with Prometheus (Debian: apt-get install prometheus)" : null;
}

testGiven(promtoolMissing())("promtool finds nothing to complain of in either text of the metrics", async () => {
  const { instruments, collect } = openMetering({ resource: {}, deltas: false, now: Date.now, warn: console.warn });
  const { measure } = openTelemetry({ instruments, gitSha: "0", now: Date.now, monotonicMs: () => 0 });
  for (const [status, route] of [
    [200, "/recommend/{user_id}"],
    [404, null],
  ] as const) {
    const call = { requestId: "one", startedAt: 0, shown: true };
    measure({ call, method: "GET", route, status, durationMs: 2 });
  }
  const reading = await collect();
  for (const render of [renderText, serializeText]) {
    const input = render(reading, { service_name: "reprise" });
    expect(execFileSync("promtool", ["check", "metrics"], { input, encoding: "utf8" })).toBe("");
  }
});
