import { listenOnNode } from "./drivers/node-http.ts";
import { runLocally } from "./local.ts";

await runLocally("node", listenOnNode, process.argv.slice(2));
