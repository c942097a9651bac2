import { z } from "zod";
import { decodeBase64, encodeBase64 } from "../base/base64.ts";
import { IntegrityError } from "../base/errors.ts";
import type { PublicKey, SigningKey } from "./keys.ts";

/** More would only be there to make checking slow. */
export const MAX_SIGNATURES = 64;

const base64 = z.string().transform((text, context) => {
  const bytes = decodeBase64(text);
  if (bytes) return bytes;
  context.addIssue("is not base64");
  return z.NEVER;
});

const envelopeSchema = z.object({
  payload: base64,
  payloadType: z.string(),
  signatures: z
    .array(
      z.object({
        /** Which key the signer says it was; where it is missing or empty, any could be. */
        keyid: z
          .string()
          .regex(/^[\x20-\x7e]{0,128}$/)
          .default(""),
        sig: base64,
      }),
    )
    .min(1)
    .max(MAX_SIGNATURES),
});

/** A signed payload, by the Dead Simple Signing Envelope v1 (github.com/secure-systems-lab/dsse). */
export type Envelope = Readonly<z.infer<typeof envelopeSchema>>;

/**
 * What is signed in the payload's place, so that its type is signed with it:
 * `DSSEv1 LENGTH(type) type LENGTH(payload) payload`, lengths in bytes and decimal.
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const type = text.encode(payloadType);
  const head = text.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const encoded = new Uint8Array(head.length + payload.length);
  encoded.set(head);
  encoded.set(payload, head.length);
  return encoded;
}

export function encodeEnvelope({ payload, payloadType, signatures }: Envelope): Uint8Array {
  const json = {
    payload: encodeBase64(payload),
    payloadType,
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: encodeBase64(sig) })),
  };
  return new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`);
}

/** @throws IntegrityError naming the first member that is missing or malformed. */
export function decodeEnvelope(bytes: Uint8Array, subject: string): Envelope {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new IntegrityError(subject, "is not JSON in UTF-8", { cause });
  }
  const result = envelopeSchema.safeParse(parsed);
  if (result.success) return result.data;
  const [fault] = result.error.issues;
  throw new IntegrityError(subject, `${fault?.path.join(".") || "envelope"}: ${fault?.message}`);
}

/** The envelope with the key's signature, which takes the place of an earlier one by the same key. */
export async function withSignature(envelope: Envelope, key: SigningKey): Promise<Envelope> {
  const { payload, payloadType, signatures } = envelope;
  const keyid = key.publicKey.id;
  const sig = await key.sign(preAuthenticationEncoding(payloadType, payload));
  return { payload, payloadType, signatures: [...signatures.filter((other) => other.keyid !== keyid), { keyid, sig }] };
}

/** Those of the keys that signed the envelope. What other keys say they signed is not looked at. */
export async function signersOf(envelope: Envelope, keys: readonly PublicKey[]): Promise<readonly PublicKey[]> {
  const message = preAuthenticationEncoding(envelope.payloadType, envelope.payload);
  const signers: PublicKey[] = [];
  for (const key of keys) {
    for (const { keyid, sig } of envelope.signatures) {
      if (keyid !== "" && keyid !== key.id) continue;
      if (!(await key.verify(message, sig))) continue;
      signers.push(key);
      break;
    }
  }
  return signers;
}
