// Runs the cases of signing and prints the report as one line of JSON. Deno runs it; Node can.
import { runSigningCases } from "./signing-cases.ts";

console.log(JSON.stringify(await runSigningCases()));
