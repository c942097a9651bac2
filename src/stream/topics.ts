import { RATING_EVENT, RECO_RESPONSE, WATCH_EVENT } from "../avro/schemas.ts";

/** The topics, each of one kind of record; what cannot be read from one goes to that of the same name and `.dead`. */
export const TOPICS = {
  watch: { name: "reprise.watch", schema: WATCH_EVENT },
  rating: { name: "reprise.rating", schema: RATING_EVENT },
  response: { name: "reprise.response", schema: RECO_RESPONSE },
} as const;

export type TopicKey = keyof typeof TOPICS;

export function deadLetterTopic(topic: string): string {
  return `${topic}.dead`;
}

/** The subject that a topic's schema stands under in a registry. */
export function subjectOf(topic: string): string {
  return `${topic}-value`;
}
