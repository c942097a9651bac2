/**
 * The few web-standard globals that folders without I/O may use. They are compiled without Node's and the DOM's
 * types (tsconfig.pure.json), so that `process`, `Request` or `fetch` there is a type error.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, bytes: Uint8Array): { readonly read: number; readonly written: number };
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array, options?: { stream?: boolean }): string;
}
declare function atob(base64: string): string;
declare function btoa(latin1: string): string;

/** A key that Web Crypto holds. */
interface CryptoKey {
  readonly type: string;
}
/** Of Web Crypto, digests and signatures: nothing random, so that the same call gives the same bytes. */
declare const crypto: {
  readonly subtle: {
    digest(algorithm: "SHA-256", message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
    importKey(
      format: "raw" | "pkcs8",
      key: Uint8Array<ArrayBuffer>,
      algorithm: { readonly name: string },
      extractable: boolean,
      usages: ("sign" | "verify")[],
    ): Promise<CryptoKey>;
    exportKey(format: "jwk", key: CryptoKey): Promise<{ readonly x?: string }>;
    sign(algorithm: { readonly name: string }, key: CryptoKey, message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
    verify(
      algorithm: { readonly name: string },
      key: CryptoKey,
      signature: Uint8Array<ArrayBuffer>,
      message: Uint8Array<ArrayBuffer>,
    ): Promise<boolean>;
  };
};
