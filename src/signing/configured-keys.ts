import { InputError } from "../base/errors.ts";
import type { KeyFiles } from "./key-files.ts";
import { type PublicKey, parsePrivateKey, parsePublicKeys, type SigningKey } from "./keys.ts";

type Variables = Readonly<Record<string, string | undefined>>;
type Files = Pick<KeyFiles, "read">;

/** A runtime without files, where a key is given by its text. */
export const noKeyFiles: Files = { read: async () => null };

/**
 * The keys of `REPRISE_TRUSTED_KEYS`: separated by commas, each a public key or the path of a file that holds some.
 * @returns an empty list when the variable is not set: then nothing has to be signed.
 * @throws InputError naming the variable.
 */
export async function trustedKeys(variables: Variables, files: Files): Promise<readonly PublicKey[]> {
  const field = "REPRISE_TRUSTED_KEYS";
  const text = variables[field];
  if (!text) return [];
  const entries = text.split(",").map((entry) => entry.trim());
  const keys = new Map<string, PublicKey>();
  for (const [place, entry] of entries.entries()) {
    const isKey = entry.startsWith("ed25519:") || entry.includes("-----BEGIN");
    const keyText = isKey ? entry : await files.read(entry);
    if (keyText === null) throw InputError.of(field, null, unreadable(entry, place));
    for (const key of await parsePublicKeys(keyText, isKey ? field : `${field}: ${entry}`)) keys.set(key.id, key);
  }
  return [...keys.values()];
}

/**
 * The key of `REPRISE_SIGNING_KEY`: a private key in PEM, or the path of a file that holds it; null when it is not set.
 * @throws InputError naming the variable and never its value.
 */
export async function configuredSigningKey(variables: Variables, files: Files): Promise<SigningKey | null> {
  const field = "REPRISE_SIGNING_KEY";
  const value = variables[field];
  return value ? signingKeyAt(value, field, files) : null;
}

/** @throws InputError naming `field` and never the value, which may be the key itself. */
export async function signingKeyAt(pathOrText: string, field: string, files: Files): Promise<SigningKey> {
  const text = pathOrText.includes("-----BEGIN") ? pathOrText : await files.read(pathOrText);
  if (text === null) {
    throw InputError.of(
      field,
      null,
      "must be a private key in PEM, or the path of a file that holds it and can be read",
    );
  }
  return parsePrivateKey(text, field);
}

/** Shows what was given, unless it may be key material that stands in the wrong variable. */
function unreadable(entry: string, place: number): string {
  const shown = /^[\w+/=\s\\-]{40,}$/.test(entry) ? "" : ` (${JSON.stringify(entry)})`;
  return `entry ${place + 1}${shown} is neither a public key nor the path of a file that can be read`;
}
