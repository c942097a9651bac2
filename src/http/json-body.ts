import { InputError } from "../base/errors.ts";
import { MAX_BODY_BYTES } from "../base/limits.ts";
import { HttpError } from "./http-error.ts";

/**
 * Reads a request's JSON body of at most `maxBytes`. Throws HttpError 413 as soon as more is announced or has
 * arrived, 415 when it is not declared as JSON in UTF-8, and InputError when it does not parse.
 */
export async function readJsonBody(request: Request, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  requireJson(request.headers);
  const bytes = await readBytes(request, maxBytes);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw InputError.of("body", null, "must be UTF-8");
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw InputError.of("body", text, `must be JSON: ${error instanceof Error ? error.message : "it does not parse"}`);
  }
}

const JSON_TYPE = /^application\/(?:[a-z0-9.-]+\+)?json$/;

function requireJson(headers: Headers): void {
  const declared = headers.get("content-type") ?? "";
  const [type, ...parameters] = declared.split(";").map((part) => part.trim().toLowerCase());
  if (!JSON_TYPE.test(type)) throw new HttpError(415, "the body's Content-Type must be application/json");
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset))
    throw new HttpError(415, "the body's charset must be utf-8");
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity")
    throw new HttpError(415, "a body with a Content-Encoding is not taken");
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new HttpError(413, `the body must be at most ${maxBytes} bytes`);
  const announced = request.headers.get("content-length");
  if (announced !== null && !request.headers.has("transfer-encoding")) {
    if (Number(announced) > maxBytes) throw tooLarge();
    return new Uint8Array(await unlessBroken(request.arrayBuffer()));
  }
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await unlessBroken(reader.read());
    if (done) return concatenate(chunks, size);
    size += value.length;
    if (size > maxBytes) {
      reader.cancel().catch(() => {});
      throw tooLarge();
    }
    chunks.push(value);
  }
}

/** A connection that breaks while it sends is the caller's fault and not ours. */
async function unlessBroken<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch {
    throw InputError.of("body", null, "could not be read to its end");
  }
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
