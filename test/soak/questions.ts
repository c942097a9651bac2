/** A request of the mixed history, and how many answers it has. */
export interface Question {
  readonly path: string;
  readonly body: object | null;
  readonly answers: number;
}

const GENRES = ["Action", "Comedy", "Drama", "Horror", "Romance", "Sci-Fi", "Thriller", "War", "No such genre"];
const BATCH = 5;

/** The questions of a history, the same for the same places: users and strangers, sessions, filters, batches. */
export function questionAt(place: number, users: readonly string[], items: readonly string[]): Question {
  const random = mulberry32(place);
  const below = (limit: number) => Math.floor(random() * limit);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const user = () => (random() < 0.05 ? one(["nobody", "🎬", "007", "9007199254740991", "-1"]) : one(users));
  const some = (most: number) => Array.from({ length: below(most + 1) }, () => one(items));
  const filters = () => ({
    ...(random() < 0.3 && { genre: Array.from({ length: 1 + below(2) }, () => one(GENRES)) }),
    ...(random() < 0.2 && { year_min: 1930 + below(70) }),
    ...(random() < 0.1 && { year_max: 1999 + below(20) }),
    ...(random() < 0.2 && { exclude: some(20) }),
    ...(random() < 0.15 && { model: one(["v0.1", "v0.2", "als"]) }),
    k: random() < 0.9 ? 1 + below(30) : 1 + below(200),
  });
  const history = () => ({
    ...(random() < 0.2 && { include_seen: true }),
    ...(random() < 0.02 && { explain: true, k: 1 + below(5) }),
  });

  const kind = random();
  if (kind < 0.6) return get(`/recommend/${encodeURIComponent(user())}`, { ...filters(), ...history() });
  if (kind < 0.75) {
    const seen = [one(items), ...some(20)].map((movie_id) => ({ movie_id, weight: 0.1 + below(50) / 10 }));
    return { path: "/recommend", body: { items: seen, ...filters(), ...history() }, answers: 1 };
  }
  if (kind < 0.85) return get(`/similar/${one(items)}`, filters());
  if (kind < 0.95) return get("/popular", filters());
  const user_ids = Array.from({ length: BATCH }, user);
  return { path: "/recommend/batch", body: { user_ids, ...filters(), ...history() }, answers: BATCH };
}

function get(path: string, options: Readonly<Record<string, unknown>>): Question {
  const query = Object.entries(options).flatMap(([name, value]) =>
    name === "genre"
      ? (value as string[]).map((genre) => `genre=${encodeURIComponent(genre)}`)
      : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return { path: `${path}?${query.join("&")}`, body: null, answers: 1 };
}

/** A small generator of numbers from 0 to 1, by Tommy Ettinger. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
