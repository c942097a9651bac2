import { z } from "@hono/zod-openapi";

/** Answers are described here and not checked at run time: the contract suite checks what the service sends. */
const JsonIdSchema = z.union([z.int().min(0), z.string()]).openapi("JsonId");
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const film = {
  movie_id: JsonIdSchema,
  title: z.string().nullable(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
};

export const MovieSchema = z.object(film).openapi("Movie");

const Because = z.object({
  movie_id: JsonIdSchema,
  title: z.string().nullable(),
  contribution: z.number().openapi({ description: "The part of the score that this interaction carried." }),
});

const Recommendation = z
  .object({
    ...film,
    score: z.number().openapi({ description: "A float32, printed as the double of the same value." }),
    because: z.array(Because).optional().openapi({ description: "With `explain`: largest first." }),
    because_rest: z
      .object({ count: z.int().min(1), contribution: z.number() })
      .optional()
      .openapi({ description: "The smaller parts that `because` does not name, as one sum." }),
  })
  .openapi("Recommendation");

const Provenance = z
  .object({
    request_id: z.string(),
    timestamp: z.int().openapi({ description: "Milliseconds since 1970." }),
    model_name: z.string(),
    model_version: z.string(),
    git_sha: z.string(),
    data_snapshot_id: z.string(),
    container_image_digest: z.string().nullable(),
    latency_ms: z.int().min(1).nullable(),
    artifact_digest: Digest,
    engine_digest: Digest,
    result_digest: Digest.openapi({
      description:
        "SHA-256 of the number of items as uint32 little-endian, then of each item its id's length in UTF-8 as uint32, the id and the float32 score.",
    }),
    request: z.record(z.string(), z.unknown()).openapi({ description: "The request in canonical form." }),
    history_seq: z.int().min(0),
    rollout_revision: z.int().min(0),
    runtime: z.string(),
  })
  .openapi("Provenance", { description: "The receipt: with the artifact, enough to compute the answer again." });

const body = {
  model: z.string(),
  items: z.array(JsonIdSchema),
  recommendations: z.array(Recommendation),
  variant: z.string().nullable(),
  source: z.enum(["factors", "fold_in", "session", "popular"]),
  provenance: Provenance,
};

export const ListAnswerSchema = z.object({ user_id: z.union([JsonIdSchema, z.null()]), ...body }).openapi("ListAnswer");

export const SimilarAnswerSchema = z.object({ movie_id: JsonIdSchema, ...body }).openapi("SimilarAnswer");
