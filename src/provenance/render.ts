import { toJsonId } from "../base/ids.ts";
import { MAX_BECAUSE } from "../base/limits.ts";
import type { Contribution, Model, RankedList } from "../engine/model.ts";
import type { Movie, Recommendation } from "./answer.ts";

/** A ranked list as JSON shows it. */
export function renderList(model: Model, { ranking, because }: RankedList): Recommendation[] {
  const { items, itemKind } = model;
  const list: Recommendation[] = [];
  for (let place = 0; place < ranking.rows.length; place++) {
    const { movie_id, title, year, genres } = items[ranking.rows[place] as number] as Model["items"][number];
    // JSON writes -0 as 0, and the digest of what was received must be the digest of what was ranked.
    const score = (ranking.scores[place] as number) + 0;
    const shown = { movie_id: toJsonId(itemKind, movie_id), title, year, genres, score };
    list.push(because === null ? shown : { ...shown, ...explain(model, because[place] as readonly Contribution[]) });
  }
  return list;
}

export function renderMovie(model: Model, row: number): Movie {
  const item = model.items[row] as Model["items"][number];
  return { ...item, movie_id: toJsonId(model.itemKind, item.movie_id) };
}

function explain(model: Model, parts: readonly Contribution[]): Pick<Recommendation, "because" | "because_rest"> {
  const rest = parts.slice(MAX_BECAUSE);
  return {
    because: parts.slice(0, MAX_BECAUSE).map(({ row, contribution }) => {
      const { movie_id, title } = renderMovie(model, row);
      return { movie_id, title, contribution };
    }),
    ...(rest.length > 0 && {
      because_rest: { count: rest.length, contribution: rest.reduce((sum, part) => sum + part.contribution, 0) },
    }),
  };
}
