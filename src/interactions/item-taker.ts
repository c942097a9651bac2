import { MAX_GENRES_PER_ITEM, MAX_TITLE_LENGTH } from "../base/limits.ts";
import { badId } from "./interaction-rows.ts";
import type { InteractionSink } from "./source.ts";

/** Takes one film of a catalogue; returns what is wrong with it, or null. */
export type ItemTaker = (
  id: string,
  title: string | null,
  year: number | null,
  genres: readonly string[],
) => string | null;

/** Hands good films on to `sink`; an id may come once. */
export function itemTaker(sink: InteractionSink, rules: { readonly integerIds: boolean }): ItemTaker {
  const seen = new Set<string>();
  return (id, title, year, genres) => {
    const fault = badId("movie id", id, rules);
    if (fault !== null) return fault;
    if (seen.has(id)) return `movie id ${id} stands on an earlier line`;
    if (title !== null && title.length > MAX_TITLE_LENGTH) return `title is longer than ${MAX_TITLE_LENGTH} characters`;
    if (genres.length > MAX_GENRES_PER_ITEM) return `has more than ${MAX_GENRES_PER_ITEM} genres`;
    if (genres.some((genre) => genre === "" || genre.includes("|"))) return "a genre is empty or holds a bar";
    seen.add(id);
    sink.item({ movie_id: id, title, year, genres });
    return null;
  };
}
