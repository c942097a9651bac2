/** Encodes as standard base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * Decodes standard or URL-safe base64, with or without padding.
 * @returns null for anything else; a text whose unused last bits are set is not what an encoder writes, and also null.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(standard) || standard.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
  return encodeBase64(bytes).replace(/=+$/, "") === standard ? bytes : null;
}
