import { CASES, CASES_APART } from "./cases.ts";
import { runBench } from "./program.ts";

await runBench(CASES, CASES_APART);
