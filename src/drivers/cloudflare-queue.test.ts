import fc from "fast-check";
import { expect, test } from "vitest";
import { openEnvelope } from "../stream/envelope.ts";
import { cloudflareQueue } from "./cloudflare-queue.ts";

test("batches are as Cloudflare's limits say, and hold every message in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 65_000 }), { maxLength: 250 }), async (sizes) => {
      const sent: string[][] = [];
      const queue = cloudflareQueue({
        sendBatch: async (batch) => {
          for (const { contentType } of batch) expect(contentType).toBe("text");
          sent.push(batch.map(({ body }) => body));
        },
      });
      await queue.send(
        sizes.map((size, at) => ({
          topic: "reprise.response",
          key: "ü",
          value: new Uint8Array(size),
          headers: { place: `answers/${at + 1}` },
        })),
      );
      for (const batch of sent) {
        expect(batch.length).toBeLessThanOrEqual(100);
        expect(batch.reduce((sum, text) => sum + Buffer.byteLength(text) + 100, 0)).toBeLessThanOrEqual(256_000);
      }
      const opened = sent.flat().map(openEnvelope);
      expect(opened.map(({ place }) => place.seq)).toEqual(sizes.map((_, at) => at + 1));
      expect(opened.map(({ message }) => message.value.length)).toEqual(sizes);
    }),
    { numRuns: 20 },
  );
});

test("a queue that refuses is told as such", async () => {
  const queue = cloudflareQueue({ sendBatch: async () => Promise.reject(new Error("Too Many Requests")) });
  const message = { topic: "reprise.rating", key: "1", value: Uint8Array.of(1), headers: { place: "events/1" } };
  await expect(queue.send([message])).rejects.toThrow("Too Many Requests");
});
