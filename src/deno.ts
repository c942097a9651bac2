import { listenOnDeno } from "./drivers/deno-http.ts";
import { runLocally } from "./local.ts";

const argv = process.argv.slice(2);
await runLocally("deno", listenOnDeno, argv.length > 0 ? argv : ["demo"]);
