import { Command, Option } from "commander";
import { MINIMUM_USERS } from "../experiment/rules.ts";
import { type Plan, usersPerArm } from "../experiment/sample-size.ts";
import type { CliDependencies } from "./dependencies.ts";
import { number } from "./numbers.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

export function sampleSizeCommand({ out }: Pick<CliDependencies, "out">): Command {
  const rate = (flags: string, description: string) =>
    new Option(flags, description).argParser(number).makeOptionMandatory();
  return new Command("sample-size")
    .description("how many users an experiment needs to tell two rates apart")
    .addOption(rate("--baseline <rate>", "the rate of variant_A, between 0 and 1"))
    .addOption(rate("--target <rate>", "the rate of variant_B that should be found, between 0 and 1"))
    .addOption(new Option("--power <share>", "how likely it is found where it is so").argParser(number).default(0.8))
    .addOption(new Option("--alpha <share>", "how likely it is where it is not so").argParser(number).default(0.05))
    .addOption(formatOption())
    .action(
      action(async ({ format, ...plan }: Plan & { readonly format: "text" | "json" }) => {
        const perArm = usersPerArm(plan);
        const total = 2 * perArm;
        if (format === "json") {
          out.write(`${JSON.stringify({ per_arm: perArm, total }, null, 2)}\n`);
          return;
        }
        out.write(`${perArm} users an arm, ${total} in all\n`);
        if (perArm < MINIMUM_USERS) out.write(`An analysis decides nothing below ${MINIMUM_USERS} users an arm.\n`);
      }),
    );
}
