import { Command } from "commander";
import { z } from "zod";
import { checklistText } from "../evidence/checklist.ts";
import { CHECKLIST } from "../evidence/layout.ts";
import { claim } from "../evidence/output.ts";
import type { ReplayAnswer } from "../evidence/recheck.ts";
import { redaction } from "../evidence/redact.ts";
import { openRegistry } from "../registry/registry.ts";
import { trustedKeys } from "../signing/configured-keys.ts";
import { captured } from "./captured-verb.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { replayCommand } from "./replay.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

interface PackageOptions {
  readonly output: string;
  readonly evidence: string;
  readonly pdf: boolean;
  readonly team?: string;
  readonly contact?: string;
  readonly apiUrl?: string;
  readonly models: string;
  readonly overwrite: boolean;
  readonly format: "text" | "json";
}

export function packageDeliverablesCommand(deps: CliDependencies): Command {
  return new Command("package-deliverables")
    .description("check evidence anew and pack it with documents and code: exit 0 when every line is complete")
    .option("--output <folder>", "where the package is put", "deliverables")
    .option("--evidence <folder>", "what collect-evidence collected", "evidence")
    .option("--pdf", "also make deliverables.pdf", false)
    .option("--team <name>", "who hands in")
    .option("--contact <address>", "how to reach them")
    .option("--api-url <url>", "let a running service replay the sample, with REPRISE_ADMIN_TOKEN")
    .addOption(registryOption(deps.env))
    .option("--overwrite", "replace files of the same names in a folder that is no package", false)
    .addOption(formatOption())
    .action(
      action(async (options: PackageOptions) => {
        const folder = deps.outputFolder(options.output);
        await claim(folder, CHECKLIST, options.overwrite);
        // Plots and the PDF are much code, which other verbs do not wait for.
        const { packageDeliverables } = await import("../evidence/package.ts");
        const checklist = await packageDeliverables({
          evidence: deps.outputFolder(options.evidence),
          folder,
          project: deps.project,
          author: { team: options.team ?? null, contact: options.contact ?? null },
          redact: redaction(deps.env),
          registry: openRegistry(deps.models(options.models), await trustedKeys(deps.env, deps.keyFiles)),
          replay: replayer(options, deps),
          renderPdf: options.pdf ? deps.renderPdf : null,
          now: deps.now(),
        });
        const { format } = options;
        deps.out.write(format === "json" ? `${JSON.stringify(checklist, null, 2)}\n` : checklistText(checklist));
        return checklist.complete ? 0 : 1;
      }),
    );
}

const Report = z.object({
  matched: z.int(),
  mismatched: z.array(z.object({ first_difference: z.string().nullable() })),
  unavailable: z.array(z.object({ reason: z.string().nullable(), detail: z.string().nullable() })),
});

/** Replays as the verb `replay` does, with the registry at hand or by a service. */
function replayer({ models, apiUrl }: PackageOptions, deps: CliDependencies): ReplayAnswer {
  const where = apiUrl === undefined ? ["--models", models] : ["--api-url", apiUrl];
  return async (answer) => {
    const given = { ...deps, readText: async () => JSON.stringify(answer) };
    const { out, err } = await captured(
      replayCommand,
      ["replay", "--answer", "-", ...where, "--format", "json"],
      given,
    );
    if (out === "") return { status: "mismatch", detail: err.replace(/^error: /, "").trim() };
    const { matched, mismatched, unavailable } = Report.parse(JSON.parse(out));
    if (mismatched.length > 0) return { status: "mismatch", detail: mismatched[0].first_difference ?? "" };
    if (unavailable.length > 0) return { status: "unavailable", detail: unavailable[0].detail ?? "" };
    return matched > 0
      ? { status: "match", detail: "" }
      : { status: "unavailable", detail: "there was nothing to compute" };
  };
}
