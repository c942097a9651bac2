import { z } from "zod";
import { check, checkSame, getJson, getProblem, type HttpCase } from "./http-client.ts";
import { ListAnswer, Movie } from "./http-shapes.ts";

const Movies = z.strictObject({ movies: z.array(Movie) });
const Model = z.looseObject({ version: z.string() });
const Models = z.looseObject({ models: z.array(Model) });
const Rollout = z.looseObject({ strategy: z.string(), primary_version: z.string() });

const search = async (base: string, query: string) => (await getJson(Movies, `${base}/movies?${query}`)).body.movies;

export const catalogueCases: readonly HttpCase[] = [
  {
    name: "GET /movies finds films by every word of the query, whatever its case",
    async run(base) {
      const { body } = await getJson(ListAnswer, `${base}/popular?k=5`);
      for (const { title, movie_id } of body.recommendations) {
        const words = String(title).split(" ");
        for (const query of [words.join(" "), words.toReversed().join("  ").toUpperCase()]) {
          const movies = await search(base, `limit=100&q=${encodeURIComponent(query)}`);
          check(
            movies.some((movie) => movie.movie_id === movie_id),
            `${query} finds film ${movie_id}`,
          );
        }
      }
      const movies = await search(base, "q=star&limit=100");
      check(
        movies.every(({ title }) => title?.toLowerCase().includes("star")),
        "every film found has the word",
      );
      check(movies.length > 1, "several films have the word");
    },
  },
  {
    name: "GET /movies keeps its limit and its order, and finds nothing where nothing is",
    async run(base) {
      const ten = await search(base, "q=the&limit=10");
      checkSame(ten.length, 10, "number of films");
      checkSame(await search(base, "q=the&limit=3"), ten.slice(0, 3), "the first of them");
      checkSame((await search(base, "q=the")).length, 20, "number of films by default");
      checkSame(await search(base, "q=no+such+film+at+all"), [], "films without a match");
      checkSame((await search(base, "")).length, 20, "films for no words at all");
    },
  },
  {
    name: "GET /movies/{movie_id} gives the film that lists show",
    async run(base) {
      const { body } = await getJson(ListAnswer, `${base}/popular?k=1`);
      const { score: _, ...film } = body.recommendations[0];
      checkSame((await getJson(Movie, `${base}/movies/${film.movie_id}`)).body, film, "film");
    },
  },
  {
    name: "an unknown film is 404 wherever it is asked for",
    async run(base) {
      for (const id of ["9007199254740991", "no-such-film", "..%2F1", "01", "constructor"]) {
        await getProblem(404, `${base}/movies/${id}`);
        await getProblem(404, `${base}/similar/${id}`);
      }
    },
  },
  {
    name: "GET /models lists the versions, and each has its manifest",
    async run(base) {
      const { body } = await getJson(Models, `${base}/models`);
      checkSame(body.models.map(({ version }) => version).sort(), ["v0.1", "v0.2"], "versions");
      for (const version of ["v0.1", "v0.2"]) {
        const { body: model } = await getJson(Model, `${base}/models/${version}`);
        const { body: answer } = await getJson(ListAnswer, `${base}/recommend/1?model=${version}`);
        const { artifact_digest, data_snapshot_id, model_name } = answer.provenance;
        checkSame(
          [model.version, model.artifact_digest, model.data_snapshot_id, model.model_name],
          [version, artifact_digest, data_snapshot_id, model_name],
          "what manifest and receipts both name",
        );
        check(typeof model.files === "object" && model.files !== null, "the manifest lists its files");
      }
      for (const version of ["v9.9", "latest", "..%2Fv0.1", "constructor"]) {
        await getProblem(404, `${base}/models/${version}`);
      }
    },
  },
  {
    name: "health says which version answers, liveness and readiness that it does",
    async run(base) {
      const Health = z.looseObject({ status: z.literal("ok"), version: z.string(), rollout: Rollout });
      const { body } = await getJson(Health, `${base}/healthz`);
      checkSame([body.version, body.rollout.primary_version], ["v0.1", "v0.1"], "version, primary_version");
      const Status = z.looseObject({ status: z.string() });
      for (const path of ["/livez", "/readyz", "/healthz?probe=1"]) await getJson(Status, `${base}${path}`);
    },
  },
];
