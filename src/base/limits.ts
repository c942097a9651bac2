/** Every size that input could grow has a named maximum here. */
export const MAX_ID_BYTES = 128;
export const MAX_K = 500;
export const DEFAULT_K = 20;
export const MAX_BATCH_USERS = 1_000;
/** List places of one batch, `user_ids` times `k`: about 150 bytes each, so its answer stays near 15 MB. */
export const MAX_BATCH_PLACES = 100_000;
/** A place that is explained counts as so many, because it may name MAX_BECAUSE interactions in about 16 kB. */
export const EXPLAINED_PLACE_WEIGHT = 100;
/** `user_ids` times the entries of `exclude` and `genre` of one batch, which every user's receipt repeats. */
export const MAX_BATCH_REPEATS = 50_000;
export const MAX_SESSION_ITEMS = 1_000;
export const MAX_EXCLUDED_ITEMS = 1_000;
export const MAX_GENRES_PER_REQUEST = 50;
export const MAX_EVENTS_PER_BATCH = 1_000;
export const MAX_BODY_BYTES = 1 << 20;
/** Of `POST /replay`, an operator's route: an answer of MAX_K explained places is larger than other bodies. */
export const MAX_REPLAY_BODY_BYTES = 16 << 20;
/** Faults of one input that are looked for and told. */
export const MAX_REPORTED_FAULTS = 100;
export const MAX_QUERY_LENGTH = 200;
export const MAX_SEARCH_RESULTS = 100;
export const MAX_REQUEST_ID_LENGTH = 128;
export const MAX_FACTORS = 256;
export const MAX_ITERATIONS = 1_000;
export const MAX_THREADS = 64;
export const MAX_GENRES_PER_ITEM = 64;
/** How often one interaction happened stands in 32 bits; sums beyond stay there. */
export const MAX_COUNT = 2 ** 31 - 1;
export const MAX_TITLE_LENGTH = 1_000;
/** Interactions that explain one item by name; the parts of the others are shown as one sum. */
export const MAX_BECAUSE = 200;
