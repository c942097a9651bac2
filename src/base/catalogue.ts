/** One film of the catalogue, rated or not. `movie_id` is the id as a string; JSON shows it by the catalogue's kind. */
export interface CatalogueItem {
  readonly movie_id: string;
  readonly title: string | null;
  readonly year: number | null;
  readonly genres: readonly string[];
}
