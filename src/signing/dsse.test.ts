import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusal } from "../../test/refusals.ts";
import { signingKey } from "../../test/signing-keys.ts";
import {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  MAX_SIGNATURES,
  preAuthenticationEncoding,
  signersOf,
  withSignature,
} from "./dsse.ts";

const [ours, theirs, unknown] = await Promise.all([1, 2, 3].map(signingKey));
const keys = [ours.publicKey, theirs.publicKey];
const bytesOf = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const payloads = fc.uint8Array({ maxLength: 200 });
const types = fc.string({ unit: "binary", maxLength: 30 });
const unsigned = (payload: Uint8Array<ArrayBuffer>, payloadType = "text/plain"): Envelope => ({
  payload,
  payloadType,
  signatures: [],
});
const idsOf = async (envelope: Envelope) => (await signersOf(envelope, keys)).map(({ id }) => id);

describe("the encoding before signing", () => {
  test("is the one of the specification's example", () => {
    const encoded = preAuthenticationEncoding("http://example.com/HelloWorld", bytesOf("hello world"));
    expect(textOf(encoded)).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  });

  test("counts bytes, not characters", () => {
    expect(textOf(preAuthenticationEncoding("ü", bytesOf("€ €")))).toBe("DSSEv1 2 ü 7 € €");
  });

  test("differs wherever type or payload differ", () => {
    fc.assert(
      fc.property(types, payloads, types, payloads, (type, payload, otherType, otherPayload) => {
        fc.pre(type !== otherType || !Buffer.from(payload).equals(otherPayload));
        expect(preAuthenticationEncoding(type, payload)).not.toEqual(
          preAuthenticationEncoding(otherType, otherPayload),
        );
      }),
    );
  });
});

describe("an envelope", () => {
  test("reads as it was written, and tells who signed it", async () => {
    await fc.assert(
      fc.asyncProperty(payloads, types, fc.subarray([ours, theirs]), async (payload, type, signing) => {
        fc.pre(signing.length > 0);
        let envelope = unsigned(payload, type);
        for (const key of signing) envelope = await withSignature(envelope, key);
        const read = decodeEnvelope(encodeEnvelope(envelope), "envelope");
        expect(read).toEqual(envelope);
        expect(await idsOf(read)).toEqual(signing.map(({ publicKey }) => publicKey.id));
      }),
      { numRuns: 50 },
    );
  });

  test("holds one signature a key, however often it signs", async () => {
    const once = await withSignature(await withSignature(unsigned(bytesOf("x")), ours), theirs);
    const again = await withSignature(once, ours);
    expect(again.signatures).toHaveLength(2);
    expect(await idsOf(again)).toEqual(keys.map(({ id }) => id));
  });

  test("is signed by nobody once a character of payload, type, key id or signature differs", async () => {
    const json = JSON.parse(textOf(encodeEnvelope(await withSignature(unsigned(bytesOf("a payload")), ours))));
    const change = fc.record({
      member: fc.constantFrom("payload", "payloadType", "keyid", "sig"),
      at: fc.nat(),
      to: fc.constantFrom(..."ABYZabyz0189+/"),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ member, at, to }) => {
        const tampered = structuredClone(json);
        const holder = member.startsWith("payload") ? tampered : tampered.signatures[0];
        const place = at % holder[member].length;
        fc.pre(holder[member][place] !== to);
        holder[member] = holder[member].slice(0, place) + to + holder[member].slice(place + 1);
        let read: Envelope;
        try {
          read = decodeEnvelope(bytesOf(JSON.stringify(tampered)), "envelope");
        } catch {
          return;
        }
        expect(await idsOf(read)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("is signed by nobody when the signature is of another payload, type or key", async () => {
    const envelope = await withSignature(unsigned(bytesOf("x")), ours);
    const [signature] = envelope.signatures;
    for (const tampered of [
      { ...envelope, payload: bytesOf("y") },
      { ...envelope, payloadType: "text/html" },
      { ...envelope, signatures: [{ ...signature, keyid: theirs.publicKey.id }] },
      { ...envelope, signatures: [{ ...signature, keyid: unknown.publicKey.id }] },
      { ...envelope, signatures: [{ ...signature, sig: signature.sig.slice(0, 63) }] },
      await withSignature(unsigned(bytesOf("x")), unknown),
    ]) {
      expect(await idsOf(tampered)).toEqual([]);
    }
  });

  test("whose signatures do not say by whom is tried with every key", async () => {
    const { signatures, ...rest } = await withSignature(unsigned(bytesOf("x")), theirs);
    const json = JSON.parse(textOf(encodeEnvelope({ ...rest, signatures })));
    delete json.signatures[0].keyid;
    expect(await idsOf(decodeEnvelope(bytesOf(JSON.stringify(json)), "envelope"))).toEqual([theirs.publicKey.id]);
  });

  test("is signed although another signature in it does not fit", async () => {
    const envelope = await withSignature(unsigned(bytesOf("x")), ours);
    const broken = { keyid: theirs.publicKey.id, sig: new Uint8Array(64) };
    expect(await idsOf({ ...envelope, signatures: [broken, ...envelope.signatures] })).toEqual([ours.publicKey.id]);
  });

  const whole = { payload: "", payloadType: "", signatures: [{ keyid: "", sig: "" }] };
  test.each([
    ["not JSON", "{"],
    ["null", "null"],
    ["without a payload", JSON.stringify({ ...whole, payload: undefined })],
    ["with a payload that is not base64", JSON.stringify({ ...whole, payload: "%" })],
    ["without signatures", JSON.stringify({ ...whole, signatures: [] })],
    [
      "with too many signatures",
      JSON.stringify({ ...whole, signatures: Array(MAX_SIGNATURES + 1).fill(whole.signatures[0]) }),
    ],
    ["with a signature that is not base64", JSON.stringify({ ...whole, signatures: [{ keyid: "", sig: "A" }] })],
    [
      "with a key id that would steer a terminal",
      JSON.stringify({ ...whole, signatures: [{ keyid: "\u001b[2J", sig: "" }] }),
    ],
  ])("that is %s is refused in one line", (_, text) => {
    expect(refusal(() => decodeEnvelope(bytesOf(text), "envelope"), "envelope")).not.toBe("");
  });
});
