import { spawnSync } from "node:child_process";
import { describe, expect } from "vitest";
import { ROOT } from "../runtime/processes.ts";
import { type Missing, testGiven } from "./requirement.ts";

const compose = (...args: string[]) => spawnSync("docker", ["compose", ...args], { cwd: ROOT, encoding: "utf8" });
const missing: Missing =
  compose("version").status === 0
    ? null
    : "docker compose: not there; install Docker's client with its Compose plugin, an engine is not needed";

describe("docker-compose.yml", () => {
  testGiven(missing)("is accepted by Compose, which passes on the commit and the image's digest", () => {
    const env = { ...process.env, GIT_SHA: "abc", CONTAINER_IMAGE_DIGEST: "sha256:1" };
    const options = ["--profile", "otlp", "config", "--format", "json"];
    const { status, stdout, stderr } = spawnSync("docker", ["compose", ...options], {
      cwd: ROOT,
      env,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    const { services } = JSON.parse(stdout);
    expect(services.api).toMatchObject({
      build: { args: { GIT_SHA: "abc" } },
      environment: { CONTAINER_IMAGE_DIGEST: "sha256:1" },
      ports: [{ host_ip: "127.0.0.1", target: 8080, published: "8080" }],
    });
    expect(Object.keys(services)).toContain("collector");
  });
});
