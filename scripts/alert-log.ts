import { alertReceiver } from "./observe/alert-receiver.ts";

/** Prints the alerts that Alertmanager posts to HOST and PORT, a line of JSON for each. */
const server = alertReceiver((line) => process.stdout.write(`${line}\n`));
server.listen(Number(process.env.PORT || 9095), process.env.HOST || "127.0.0.1");
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
