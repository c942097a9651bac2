import type { Manifest } from "../artifact/manifest.ts";
import type { Check } from "../artifact/verify.ts";
import { IntegrityError } from "../base/errors.ts";
import { decodeEnvelope, type Envelope, encodeEnvelope, MAX_SIGNATURES, signersOf, withSignature } from "./dsse.ts";
import type { PublicKey, SigningKey } from "./keys.ts";
import { encodeStatement, STATEMENT_PAYLOAD_TYPE, statementFault } from "./statement.ts";

/** The signatures of a version, beside its manifest. */
export const SIGNATURE_FILE = "manifest.dsse.json";

/** What a signature is about, and where it should stand. */
export interface SignedManifest {
  readonly manifest: Manifest;
  /** The manifest as it is stored. */
  readonly bytes: Uint8Array;
  /** `manifest.dsse.json`; null where there is none. */
  readonly envelope: Uint8Array | null;
}

/**
 * `manifest.dsse.json` with the key's signature added to those that are there.
 * @throws IntegrityError when what is there is about something else: adding to it would throw signatures away.
 */
export async function sign({ manifest, bytes, envelope }: SignedManifest, key: SigningKey): Promise<Uint8Array> {
  const subject = `${manifest.version}/${SIGNATURE_FILE}`;
  const payload = encodeStatement(manifest, bytes);
  const unsigned: Envelope = { payload, payloadType: STATEMENT_PAYLOAD_TYPE, signatures: [] };
  const held = envelope ? decodeEnvelope(envelope, subject) : unsigned;
  if (held.payloadType !== STATEMENT_PAYLOAD_TYPE || !sameBytes(held.payload, payload)) {
    throw new IntegrityError(subject, "holds signatures of another statement; to sign anew, remove it first");
  }
  const signed = await withSignature(held, key);
  if (signed.signatures.length > MAX_SIGNATURES) {
    throw new IntegrityError(subject, `holds ${MAX_SIGNATURES} signatures already`);
  }
  return encodeEnvelope(signed);
}

/**
 * Whether a version is signed as it must be: where keys are trusted, at least one of them must have signed a statement
 * about exactly this manifest; where none is, being unsigned is no fault, but a statement must fit its manifest.
 */
export async function signatureCheck(signed: SignedManifest, trusted: readonly PublicKey[]): Promise<Check> {
  const check = (ok: boolean, detail: string): Check => ({ name: "signature", ok, detail });
  const { manifest, bytes } = signed;
  if (!signed.envelope) {
    return trusted.length === 0
      ? check(true, "not signed")
      : check(false, "not signed, and REPRISE_TRUSTED_KEYS asks for a signature");
  }
  let envelope: Envelope;
  try {
    envelope = decodeEnvelope(signed.envelope, SIGNATURE_FILE);
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return check(false, error.message);
  }
  const signers = await signersOf(envelope, trusted);
  if (trusted.length > 0 && signers.length === 0) return check(false, whyNobodySigned(envelope, trusted));
  if (envelope.payloadType !== STATEMENT_PAYLOAD_TYPE) return check(false, "its payload is not an in-toto statement");
  const fault = statementFault(envelope.payload, manifest, bytes);
  if (fault) return check(false, fault);
  return trusted.length === 0
    ? check(true, `signed by ${claimed(envelope)}, unchecked: REPRISE_TRUSTED_KEYS names no key`)
    : check(true, `signed by ${names(signers.map(({ id }) => id))}, trusted`);
}

function whyNobodySigned(envelope: Envelope, trusted: readonly PublicKey[]): string {
  const bad = envelope.signatures.find(({ keyid }) => keyid === "" || trusted.some(({ id }) => id === keyid));
  return bad
    ? `the signature by ${bad.keyid || "a key without a name"} does not fit`
    : `signed by ${claimed(envelope)}, which REPRISE_TRUSTED_KEYS does not name`;
}

function claimed({ signatures }: Envelope): string {
  return names(signatures.map(({ keyid }) => keyid || "a key without a name"));
}

/** The first two; a line is no place for more of their length. */
function names(keys: readonly string[]): string {
  return keys.slice(0, 2).join(", ") + (keys.length > 2 ? ` and ${keys.length - 2} more` : "");
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}
