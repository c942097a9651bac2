/** The little that is used here of the module that only Workers have. */
declare module "cloudflare:workers" {
  /** Keeps the Worker running until the promise settles, after the response is out. */
  export function waitUntil(promise: Promise<unknown>): void;
  /** What another Worker calls by a service binding. */
  export class WorkerEntrypoint {}
  export class DurableObject {
    constructor(context: unknown, env: unknown);
  }
}
