import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startVerbs } from "./verb-process.ts";

const start = startVerbs("node", fileURLToPath(new URL("../../", import.meta.url)));

test("a verb runs to its end, and what it printed is kept", async () => {
  const sampled = await start(["sample-size", "--baseline", "0.1", "--target", "0.11", "--format", "json"]).ended;
  expect(sampled).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(sampled.out)).toBeInstanceOf(Object);
  expect(await start(["sample-size", "--baseline", "no"]).ended).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(/^error: /),
  });
});

test("a verb that stays ends when it is told to", async () => {
  const folder = mkdtempSync(join(tmpdir(), "reprise-verb-"));
  const at = (name: string) => join(folder, name);
  try {
    const verb = start(["retrain", "--schedule", "0 0 1 1 *", "--database", at("d.sqlite"), "--models", at("models")]);
    // Told before it listens for that, it ends by the signal; either way it ends.
    verb.stop();
    verb.stop();
    expect([0, "SIGTERM"]).toContain((await verb.ended).code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what cannot be started ends too", async () => {
  const { code, err } = await startVerbs("node", "/no/such/folder/")(["models", "list"]).ended;
  expect(code).toBe(1);
  expect(err).toContain("/no/such/folder/src/cli.ts");
  // What is refused at once, as where memory is short, is thrown by the runtime, and must not end the service.
  const refused = start(["models\0"]);
  refused.stop();
  expect(await refused.ended).toMatchObject({
    code: "not started",
    out: "",
    err: expect.stringContaining("null bytes"),
  });
});
