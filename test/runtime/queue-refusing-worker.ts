// Stands in the place of a queue, and refuses what is sent to it until it is told otherwise.
import { WorkerEntrypoint } from "cloudflare:workers";

const kept: string[] = [];
let refuses = true;

export class RefusingQueue extends WorkerEntrypoint {
  async sendBatch(messages: readonly { readonly body: string }[]): Promise<void> {
    if (refuses) throw new Error("Queue sendBatch failed: Too Many Requests");
    kept.push(...messages.map(({ body }) => body));
  }
}

export default {
  async fetch(): Promise<Response> {
    refuses = false;
    return Response.json(kept);
  },
};
