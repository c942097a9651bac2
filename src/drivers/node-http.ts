import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { InputError } from "../base/errors.ts";
import type { CliDependencies, Listener } from "../cli/dependencies.ts";

/** How long open connections may take to finish after the last request was accepted. */
export const DRAIN_MS = 5_000;
/** How often those whose answer is sent meanwhile are looked for: clients keep them open for more requests. */
const SWEEP_MS = 50;

/** Listens with Node's HTTP server. */
export const listenOnNode: CliDependencies["listen"] = (answer, { host, port }) =>
  new Promise<Listener>((resolve, reject) => {
    const server = createAdaptorServer({
      fetch: (request, { incoming }) => answer(request, incoming.socket.remoteAddress ?? null),
    }) as Server;
    server.once("error", (error) => reject(addressFault(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve({ url: urlOf(host, bound), close: () => drain(server) });
    });
  });

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearTimeout(deadline);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** The error of a system that does not give us the address, as one about the variable that asked for it. */
export function addressFault(error: unknown, host: string, port: number): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === "EADDRINUSE") return InputError.of("PORT", port, `${port} is in use on ${host}; choose a free port`);
  if (code === "EACCES") return InputError.of("PORT", port, `${port} needs rights that this process does not have`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return InputError.of("HOST", host, `${JSON.stringify(host)} is not an address of this machine`);
  }
  return error;
}

export function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
