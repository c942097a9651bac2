// Everything that must hold before a change is handed in: formatting and lint, types, unused code, and tests unless
// `--static` leaves them out.
import { spawnSync } from "node:child_process";

const STEPS = [["biome", "check", "."], ["tsc", "-p", "tsconfig.json"], ["tsc", "-p", "tsconfig.pure.json"], ["knip"]];
if (!process.argv.includes("--static")) STEPS.push(["vitest", "run"]);

for (const [program, ...args] of STEPS) {
  process.stderr.write(`> ${program} ${args.join(" ")}\n`);
  const { status } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
