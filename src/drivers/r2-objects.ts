/** The part of a Workers R2 bucket that is used to write. */
export interface WritableBucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  head(key: string): Promise<{ readonly version: string } | null>;
  put(key: string, bytes: Uint8Array): Promise<unknown>;
  delete(keys: string[]): Promise<unknown>;
  list(options: { readonly prefix: string; readonly delimiter?: string; readonly cursor?: string }): Promise<{
    readonly objects: readonly { readonly key: string }[];
    readonly delimitedPrefixes: readonly string[];
    readonly truncated: boolean;
    readonly cursor?: string;
  }>;
}

/** Keys that one request may delete. */
const MAX_DELETED = 1_000;

export async function readObject(bucket: Pick<WritableBucket, "get">, key: string): Promise<Uint8Array | null> {
  const object = await bucket.get(key);
  return object && new Uint8Array(await object.arrayBuffer());
}

/** All keys that begin so. */
async function keysUnder(bucket: WritableBucket, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await bucket.list({ prefix, ...(cursor !== undefined && { cursor }) });
    keys.push(...page.objects.map(({ key }) => key));
    cursor = page.cursor;
    more = page.truncated;
  }
  return keys;
}

/** The names between this beginning and the next slash. */
export async function foldersUnder(bucket: WritableBucket, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await bucket.list({ prefix, delimiter: "/", ...(cursor !== undefined && { cursor }) });
    names.push(...page.delimitedPrefixes.map((found) => found.slice(prefix.length, -1)));
    cursor = page.cursor;
    more = page.truncated;
  }
  return names.sort();
}

/** Deletes all keys that begin so, but for these. */
export async function deleteUnder(
  bucket: WritableBucket,
  prefix: string,
  but: ReadonlySet<string> = new Set(),
): Promise<void> {
  const keys = (await keysUnder(bucket, prefix)).filter((key) => !but.has(key));
  for (let from = 0; from < keys.length; from += MAX_DELETED) await bucket.delete(keys.slice(from, from + MAX_DELETED));
}
