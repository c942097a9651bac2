import type { Received } from "./broker.ts";

/** What a topic may be called: with the rest of a message's id, it stays within what an event's id may be long. */
export const TOPIC_NAME = /^[A-Za-z0-9._-]{1,80}$/;

/**
 * An event's id where its message names none: the same message has the same id whenever it comes. The time tells it from
 * one at its place in a topic that was deleted and made again.
 */
export function idOf({ topic, partition, offset, timestamp }: Received): string {
  return `${topic}/${partition}/${offset}/${timestamp}`;
}
