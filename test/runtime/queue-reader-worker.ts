// A Worker that consumes a queue and shows at / what it was given, as text.
interface Batch {
  readonly messages: readonly { readonly body: unknown }[];
}

const given: unknown[] = [];

export default {
  async fetch(): Promise<Response> {
    return Response.json(given);
  },
  async queue({ messages }: Batch): Promise<void> {
    given.push(...messages.map(({ body }) => body));
  },
};
