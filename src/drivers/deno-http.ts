import type { CliDependencies } from "../cli/dependencies.ts";
import { addressFault, DRAIN_MS, urlOf } from "./node-http.ts";

/** The part of Deno's own interface that is used here. */
interface DenoServe {
  serve(
    options: { hostname: string; port: number; onListen: () => void },
    handler: (
      request: Request,
      info: { readonly remoteAddr: { readonly hostname?: string } },
    ) => Response | Promise<Response>,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
}

/** Listens with Deno's HTTP server. */
export const listenOnDeno: CliDependencies["listen"] = async (answer, { host, port }) => {
  const { serve } = (globalThis as unknown as { Deno: DenoServe }).Deno;
  try {
    const server = serve({ hostname: host, port, onListen: () => {} }, (request, { remoteAddr }) =>
      answer(request, remoteAddr.hostname ?? null),
    );
    // It waits for a request that is still being sent, however long that takes.
    const drained = () => Promise.race([server.shutdown(), new Promise<void>((done) => setTimeout(done, DRAIN_MS))]);
    return { url: urlOf(host, server.addr.port), close: drained };
  } catch (error) {
    throw addressFault(error, host, port);
  }
};
