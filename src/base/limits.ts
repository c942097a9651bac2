/** Every size that input could grow has a named maximum here. */
export const MAX_ID_BYTES = 128;
export const MAX_K = 500;
export const DEFAULT_K = 20;
export const MAX_BATCH_USERS = 1_000;
export const MAX_SESSION_ITEMS = 1_000;
export const MAX_EXCLUDED_ITEMS = 1_000;
export const MAX_GENRES_PER_REQUEST = 50;
export const MAX_BODY_BYTES = 1 << 20;
export const MAX_QUERY_LENGTH = 200;
export const MAX_SEARCH_RESULTS = 100;
export const MAX_REQUEST_ID_LENGTH = 128;
export const MAX_FACTORS = 256;
export const MAX_ITERATIONS = 1_000;
export const MAX_THREADS = 64;
export const MAX_GENRES_PER_ITEM = 64;
export const MAX_TITLE_LENGTH = 1_000;
/** Interactions that explain one item by name; the parts of the others are shown as one sum. */
export const MAX_BECAUSE = 200;
