import { expect, test } from "vitest";
import { kafka } from "./kafka.ts";

/** Where nothing listens, and nobody gets the port while the tests run. */
const nowhere = "127.0.0.1:1";

const failure = () =>
  new Error(`Kafka at ${nowhere}: Connection to ${nowhere} failed: connect ECONNREFUSED ${nowhere}`);

test("a broker that is not there is named, whatever is asked of it", async () => {
  const broker = kafka(nowhere);
  const producer = await broker.producer();
  const consumer = await broker.consumer("group", ["topic"], null);
  const message = { topic: "topic", key: "k", value: Buffer.of(1) };
  await Promise.all([
    expect(broker.ensureTopics(["topic"])).rejects.toThrow(failure()),
    expect(producer.send([message])).rejects.toThrow(failure()),
    expect(consumer.run(async () => {}, true)).rejects.toThrow(failure()),
  ]);
  await Promise.all([producer.close(), consumer.stop()]);
});

test("a consumer that is stopped before it has begun ends", async () => {
  const consumer = await kafka(nowhere).consumer("group", ["topic"], null);
  await consumer.stop();
  await expect(consumer.run(async () => {}, false)).resolves.toBeUndefined();
});
