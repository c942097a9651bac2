import type { CliDependencies } from "./dependencies.ts";

interface Printed {
  readonly format: "text" | "json";
  readonly output?: string;
}

/**
 * Prints a report, and writes it to the file that `--output` names: as JSON or as text by its ending, else as it is
 * printed.
 */
export async function printReport(
  json: unknown,
  text: string,
  { format, output }: Printed,
  { out, writeText }: Pick<CliDependencies, "out" | "writeText">,
): Promise<void> {
  const forms = { json: `${JSON.stringify(json, null, 2)}\n`, text };
  if (output !== undefined) {
    const ending = output.endsWith(".json") ? "json" : output.endsWith(".txt") ? "text" : format;
    await writeText(output, forms[ending]);
  }
  out.write(forms[format]);
}
