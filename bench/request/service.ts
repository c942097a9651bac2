import { serve } from "../../src/cli/serve.ts";
import { listenOnDeno } from "../../src/drivers/deno-http.ts";
import { listenOnNode } from "../../src/drivers/node-http.ts";
import { localDependencies } from "../../src/local.ts";

// The service as `serve` starts it, on Node or Deno, with two more routes behind the same middleware: one that answers
// with nothing, and one that tells how much CPU time the process has used.
const [models = "models"] = process.argv.slice(2);
const deps = "Deno" in globalThis ? localDependencies("deno", listenOnDeno) : localDependencies("node", listenOnNode);
await serve(models, deps, (http) => {
  http.get("/empty", (context) => context.json({}));
  http.get("/cpu", (context) => context.json(process.cpuUsage()));
});
process.exit();
