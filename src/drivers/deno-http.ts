import type { CliDependencies } from "../cli/dependencies.ts";
import { addressFault, urlOf } from "./node-http.ts";

/** The part of Deno's own interface that is used here. */
interface DenoServe {
  serve(
    options: { hostname: string; port: number; onListen: () => void },
    handler: (request: Request) => Response | Promise<Response>,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
}

/** Listens with Deno's HTTP server. */
export const listenOnDeno: CliDependencies["listen"] = async (answer, { host, port }) => {
  const { serve } = (globalThis as unknown as { Deno: DenoServe }).Deno;
  try {
    const server = serve({ hostname: host, port, onListen: () => {} }, (request) => answer(request));
    return { url: urlOf(host, server.addr.port), close: () => server.shutdown() };
  } catch (error) {
    throw addressFault(error, host, port);
  }
};
