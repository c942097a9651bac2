import { CASES } from "./cases.ts";
import { runBench } from "./program.ts";

await runBench(CASES);
