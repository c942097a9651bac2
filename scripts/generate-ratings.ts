// Writes a MovieLens set of the shape of ML-25M, or a smaller one of the same shape, for measuring at scale:
//
//   node scripts/generate-ratings.ts --output FOLDER [--interactions 25000095] [--seed 1]
//
// Users, items and interactions keep ML-25M's proportions (162,541 users, 59,047 rated of 62,423 films, 25,000,095
// ratings), so that a user and an item have as many interactions on average at any size. How many a user has is
// log-normal from 20 up (median 71); films are chosen by a power law, more often from the three genres that a user
// likes; a user rates in one sitting or in several over the years. Rows stand by user and film, not by time.
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { type Random, seededRandom } from "../src/base/random.ts";

const ML_25M = { interactions: 25_000_095, users: 162_541, rated: 59_047, films: 62_423, largestId: 209_171 };
const FEWEST_RATINGS = 20;
const EXTRA_RATINGS = { median: 51, sigma: 1.389 };
/** Share of all ratings that the most popular film has. */
const TOP_SHARE = 0.0033;
const GENRES = [
  ..."Action Adventure Animation Children Comedy Crime Documentary Drama Fantasy".split(" "),
  ..."Film-Noir Horror IMAX Musical Mystery Romance Sci-Fi Thriller War Western".split(" "),
];
const LIKED_GENRES = 3;
const LIKED_SHARE = 0.6;
const FIRST_SECOND = Date.UTC(1996, 0, 1) / 1000;
const LAST_SECOND = Date.UTC(2019, 10, 21) / 1000;
const CHUNK_CHARACTERS = 1 << 20;

interface Film {
  readonly id: number;
  readonly genres: readonly number[];
  /** How much better than others it is rated. */
  readonly quality: number;
}

interface Shape {
  readonly interactions: number;
  readonly users: number;
  readonly rated: number;
  readonly films: number;
}

const { values: args } = parseArgs({
  options: {
    output: { type: "string" },
    interactions: { type: "string", default: String(ML_25M.interactions) },
    seed: { type: "string", default: "1" },
  },
});
if (args.output === undefined) throw new Error("--output FOLDER is needed");
await generate(args.output, shapeOf(Number(args.interactions)), seededRandom(Number(args.seed)));

function shapeOf(interactions: number): Shape {
  const part = (of: number) => Math.round((of * interactions) / ML_25M.interactions);
  return { interactions, users: part(ML_25M.users), rated: part(ML_25M.rated), films: part(ML_25M.films) };
}

async function generate(folder: string, shape: Shape, random: Random): Promise<void> {
  await mkdir(folder, { recursive: true });
  const films = makeFilms(shape, random);
  await write(join(folder, "movies.csv"), movieLines(films));
  const started = performance.now();
  await write(join(folder, "ratings.csv"), ratingLines(shape, films.slice(0, shape.rated), random));
  const seconds = (performance.now() - started) / 1000;
  process.stderr.write(`${JSON.stringify(shape)} in ${folder}, ${seconds.toFixed(0)} s\n`);
}

/** In the order of their ids; those after the first `rated` have no rating, which MovieLens does not tell by the id either. */
function makeFilms({ films }: Shape, random: Random): Film[] {
  return Array.from({ length: films }, (_, place) => ({
    id: 1 + Math.floor((place * ML_25M.largestId) / films),
    genres: [...new Set(Array.from({ length: 1 + random.below(3) }, () => random.below(GENRES.length)))],
    quality: normal(random) * 0.5,
  }));
}

function* movieLines(films: readonly Film[]): Generator<string> {
  yield "movieId,title,genres\n";
  for (const { id, genres } of films) {
    yield `${id},"Film ${id}, The (${1930 + (id % 90)})",${genres.map((genre) => GENRES[genre]).join("|")}\n`;
  }
}

function* ratingLines(shape: Shape, films: readonly Film[], random: Random): Generator<string> {
  yield "userId,movieId,rating,timestamp\n";
  const counts = ratingsPerUser(shape, random);
  const draw = filmDraw(films, random);
  const chosenBy = new Int32Array(films.length).fill(-1);
  for (let user = 0; user < shape.users; user++) {
    const liked = Array.from({ length: LIKED_GENRES }, () => random.below(GENRES.length));
    const chosen: number[] = [];
    const choose = (film: number): void => {
      if (chosenBy[film] === user) return;
      chosenBy[film] = user;
      chosen.push(film);
    };
    // So that each film has a rating: there are more users than films.
    if (user < films.length) choose(user);
    for (let tries = 0; chosen.length < counts[user] && tries < counts[user] * 4; tries++) choose(draw(liked));
    for (let film = random.below(films.length); chosen.length < counts[user]; film = (film + 1) % films.length) {
      choose(film);
    }
    const seconds = timesOf(chosen.length, random);
    const generosity = 3.4 + normal(random) * 0.4;
    yield chosen
      .map((film, place) => ({ film, second: seconds[place] }))
      .sort((a, b) => a.film - b.film)
      .map(({ film, second }) => {
        const isLiked = films[film].genres.some((genre) => liked.includes(genre));
        const stars = generosity + films[film].quality + (isLiked ? 0.4 : 0) + normal(random) * 0.7;
        return `${user + 1},${films[film].id},${Math.min(10, Math.max(1, Math.round(stars * 2))) / 2},${second}\n`;
      })
      .join("");
  }
}

/** Log-normal, at most half of the films, and `interactions` in all. */
function ratingsPerUser({ interactions, users, rated }: Shape, random: Random): Int32Array {
  const most = Math.floor(rated / 2);
  const extra = Float64Array.from(
    { length: users },
    () => EXTRA_RATINGS.median * Math.exp(EXTRA_RATINGS.sigma * normal(random)),
  );
  const withFactor = (factor: number) =>
    Int32Array.from(extra, (count) => Math.min(most, FEWEST_RATINGS + Math.floor(count * factor)));
  const sum = (counts: Int32Array) => counts.reduce((total, count) => total + count, 0);
  let [low, high] = [0, 100];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (sum(withFactor(middle)) <= interactions) low = middle;
    else high = middle;
  }
  const counts = withFactor(low);
  for (let missing = interactions - sum(counts), user = 0; missing > 0; user = (user + 1) % users) {
    if (counts[user] === most) continue;
    counts[user]++;
    missing--;
  }
  return counts;
}

/** Draws films by popularity, more often of a liked genre. Popularity of rank r is (r + shift)^-2. */
function filmDraw(films: readonly Film[], random: Random): (liked: readonly number[]) => number {
  const shift = 1 / (TOP_SHARE - 1 / films.length);
  const rank = shuffled(films.length, random);
  const weight = (film: number) => (rank[film] + shift) ** -2;
  const all = films.map((_, film) => film);
  const drawAny = weightedDraw(all, weight, random);
  const drawOf = GENRES.map((_, genre) =>
    weightedDraw(
      all.filter((film) => films[film].genres.includes(genre)),
      weight,
      random,
    ),
  );
  return (liked) => (random.fraction() < LIKED_SHARE ? drawOf[liked[random.below(LIKED_GENRES)]]() : drawAny());
}

/** Vose's alias method: one draw a constant time. */
function weightedDraw(places: readonly number[], weight: (place: number) => number, random: Random): () => number {
  const total = places.reduce((sum, place) => sum + weight(place), 0);
  const share = Float64Array.from(places, (place) => (weight(place) / total) * places.length);
  const alias = Int32Array.from(places, (_, at) => at);
  const [small, large] = [[] as number[], [] as number[]];
  share.forEach((value, at) => {
    (value < 1 ? small : large).push(at);
  });
  while (small.length > 0 && large.length > 0) {
    const [less, more] = [small.pop() as number, large.pop() as number];
    alias[less] = more;
    share[more] -= 1 - share[less];
    (share[more] < 1 ? small : large).push(more);
  }
  return () => {
    const at = random.below(places.length);
    return places[random.fraction() < share[at] ? at : alias[at]];
  };
}

/** Seconds since 1970: one sitting for most, several over the years for others. */
function timesOf(count: number, random: Random): number[] {
  const sittings = random.fraction() < 0.6 ? 1 : 2 + random.below(6);
  const first = FIRST_SECOND + random.fraction() * (LAST_SECOND - FIRST_SECOND);
  const starts = Array.from({ length: sittings }, (_, sitting) =>
    sitting === 0 ? first : first + random.fraction() * random.fraction() * (LAST_SECOND - first),
  ).sort((a, b) => a - b);
  let second = 0;
  let sitting = -1;
  return Array.from({ length: count }, (_, place) => {
    const due = Math.floor((place * sittings) / count);
    if (due !== sitting) second = Math.max(second, starts[due]);
    sitting = due;
    second += 2 + random.below(28);
    return Math.floor(second);
  });
}

/** The sum of twelve uniform numbers, less six. */
function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.fraction();
  return sum;
}

function shuffled(length: number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

async function write(path: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(inChunks(lines), { objectMode: true }), createWriteStream(path));
}

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
