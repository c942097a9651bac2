/**
 * The text of a response's body, read as it comes.
 * @throws Error where it is longer than `maxBytes`, and what the body throws where it breaks off
 */
export async function fetchedText(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`answers with more than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode(new Uint8Array());
}

/**
 * Why a request failed; `fetch` hides it in a cause.
 * @param timeoutMs how long was waited, where that is why
 */
export function fetchFault(error: unknown, timeoutMs: number): string {
  const { cause, name, message } = error as {
    cause?: { code?: string; message?: string };
    name?: string;
    message?: string;
  };
  if (name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
