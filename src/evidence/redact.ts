const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|KEY|USER_INFO/;
const MIN_SECRET_LENGTH = 8;
const REDACTED = "[redacted]";

const PATTERNS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${REDACTED}`],
  [/(\/\/)[^/\s:@]+:[^/\s@]+@/g, `$1${REDACTED}@`],
  [/((?:token|secret|passw(?:or)?d|api[-_]?key|credential)s?["']?\s*[=:]\s*)(["'])[^"']*/gi, `$1$2${REDACTED}`],
  [/((?:token|secret|passw(?:or)?d|api[-_]?key|credential)s?["']?\s*[=:]\s*)[^\s"'&,;}]+/gi, `$1${REDACTED}`],
];

/** Takes secrets out of what leaves this machine. */
export interface Redaction {
  /** The values of secret variables. */
  readonly values: (text: string) => string;
  /** Those, and what looks like a secret. */
  readonly text: (text: string) => string;
}

/** @param env the process's variables; those whose names speak of secrets are looked for by value */
export function redaction(env: Readonly<Record<string, string | undefined>>): Redaction {
  const secrets = Object.entries(env)
    .filter(([name]) => SECRET_NAME.test(name))
    // Of user:password, what follows the colon is one by itself.
    .flatMap(([name, value = ""]) => (name.endsWith("USER_INFO") ? [value, value.replace(/^[^:]*:/, "")] : [value]))
    .filter((value) => value.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  const values = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  const text = (given: string) =>
    PATTERNS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), values(given));
  return { values, text };
}
