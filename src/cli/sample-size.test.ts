import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { runCli } from "./run.ts";
import { sampleSizeCommand } from "./sample-size.ts";

async function sampleSize(...argv: readonly string[]) {
  const printed = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
  };
  const program = new Command("reprise").addCommand(sampleSizeCommand(deps));
  return { code: await runCli(program, ["sample-size", ...argv], deps), ...printed };
}

describe("sample-size", () => {
  test("prints users an arm and in all", async () => {
    const plan = ["--baseline", "0.10", "--target", "0.12", "--power", "0.8", "--alpha", "0.05"];
    const { code, out } = await sampleSize(...plan, "--format", "json");
    expect([code, JSON.parse(out)]).toEqual([0, { per_arm: 3_841, total: 7_682 }]);
    expect((await sampleSize(...plan)).out).toBe("3841 users an arm, 7682 in all\n");
  });

  test("has 80 % power at 5 % unless told otherwise, and tells what analyses need at least", async () => {
    const { out } = await sampleSize("--baseline", "0.2", "--target", "0.4");
    expect(out).toBe("82 users an arm, 164 in all\nAn analysis decides nothing below 1000 users an arm.\n");
  });

  test.each([
    [["--baseline", "0.1"], "required option '--target <rate>' not specified"],
    [["--baseline", "0.1", "--target", "x"], "must be a number"],
    [["--baseline", "0.1", "--target", "0.1"], "target: must differ more from the baseline 0.1, is 0.1"],
    [["--baseline", "0.1", "--target", "1.2"], "target: must be above 0 and below 1, is 1.2"],
    [["--baseline", "0.1", "--target", "0.2", "--power", "80"], "power: must be 0.5 or more and below 1, is 80"],
  ])("with %j says what is wrong, and exits 2", async (argv, message) => {
    const { code, out, err } = await sampleSize(...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });
});
