import type { Labels } from "./reading.ts";

/** What the service is called where nobody says otherwise. */
const SERVICE_NAME = "reprise";
const MAX_ATTRIBUTES = 64;

/**
 * The attributes of `OTEL_RESOURCE_ATTRIBUTES` as OpenTelemetry's specification has them: `key=value` pairs with
 * commas between, values percent-encoded. Null when it is something else.
 */
export function resourceAttributes(text: string): Labels | null {
  const attributes: Record<string, string> = {};
  const pairs = text.split(",");
  if (pairs.length > MAX_ATTRIBUTES) return null;
  for (const pair of pairs) {
    const [, key, value] =
      /^\s*([A-Za-z][A-Za-z0-9_.-]{0,254})\s*=\s*([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*)\s*$/.exec(pair) ?? [];
    if (key === undefined) return null;
    try {
      attributes[key] = decodeURIComponent(value);
    } catch {
      return null;
    }
  }
  return attributes;
}

/** What metrics are about. `OTEL_SERVICE_NAME` wins over the attributes. */
export function resourceOf(serviceName: string | null, attributes: Labels): Labels {
  const name = serviceName ?? attributes["service.name"] ?? SERVICE_NAME;
  return { ...attributes, "service.name": name };
}
