/**
 * The few web-standard globals that folders without I/O may use. They are compiled without Node's and the DOM's
 * types (tsconfig.pure.json), so that `process`, `Request` or `fetch` there is a type error.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array, options?: { stream?: boolean }): string;
}
