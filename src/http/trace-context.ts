const FORMAT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * The trace id of a W3C `traceparent` header, or null when it has none that may be used
 * (Trace Context, section 3.2: version ff and all-zero ids are invalid, and only later versions may be longer).
 */
export function traceIdOf(traceparent: string | undefined): string | null {
  const [, version, traceId, parentId, , rest] = FORMAT.exec(traceparent ?? "") ?? [];
  if (version === undefined || version === "ff" || (version === "00" && rest !== undefined)) return null;
  return /^0+$/.test(traceId) || /^0+$/.test(parentId) ? null : traceId;
}
