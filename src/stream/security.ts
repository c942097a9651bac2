import type { Issue } from "../base/errors.ts";

const PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;
const SASL_VARIABLES = ["KAFKA_SASL_MECHANISM", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"] as const;
const SSL_VARIABLES = [
  "KAFKA_SSL_CA_FILE",
  "KAFKA_SSL_CERTIFICATE_FILE",
  "KAFKA_SSL_KEY_FILE",
  "KAFKA_SSL_KEY_PASSWORD",
] as const;
const SECRET: readonly string[] = ["KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD", "KAFKA_SSL_KEY_PASSWORD"];
const MAX_CREDENTIAL_LENGTH = 1_024;

/** How brokers are spoken to. */
export interface KafkaSecurity {
  /** Paths of PEM files, each null where there is none; null where nothing is encrypted. */
  readonly ssl: {
    /** Who vouches for the brokers, in place of those that the runtime trusts. */
    readonly caFile: string | null;
    readonly certificateFile: string | null;
    readonly keyFile: string | null;
    readonly keyPassword: string | null;
  } | null;
  readonly sasl: {
    readonly mechanism: (typeof MECHANISMS)[number];
    readonly username: string;
    readonly password: string;
  } | null;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads how brokers are spoken to, and what is wrong with what was said of it: values, but not those of secrets. */
export function kafkaSecurity(variables: Variables): { security: KafkaSecurity; issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const given = (name: string): string | null => variables[name] || null;
  const refuse = (name: string, message: string): void => {
    issues.push({ field: name, value: SECRET.includes(name) ? null : given(name), message });
  };
  const oneOf = <Name extends string>(name: string, allowed: readonly Name[]): Name | null => {
    const text = given(name);
    const found = allowed.find((one) => one === text) ?? null;
    if (text !== null && found === null) refuse(name, `${JSON.stringify(text)} is not one of ${allowed.join(", ")}`);
    return found;
  };

  const protocol = oneOf("KAFKA_SECURITY_PROTOCOL", PROTOCOLS) ?? "PLAINTEXT";
  const mechanism = oneOf("KAFKA_SASL_MECHANISM", MECHANISMS);
  const [usesSasl, usesSsl] = [protocol.startsWith("SASL"), protocol.endsWith("SSL")];
  if (issues.length > 0) return { security: { ssl: null, sasl: null }, issues };

  // What is said and not used would be believed to protect.
  const unused = [...(usesSasl ? [] : SASL_VARIABLES), ...(usesSsl ? [] : SSL_VARIABLES)];
  for (const name of unused) {
    if (given(name) !== null) refuse(name, `is set, and KAFKA_SECURITY_PROTOCOL ${protocol} does not use it`);
  }
  if (usesSasl) {
    for (const name of SASL_VARIABLES) {
      const text = given(name);
      const allowed = name === "KAFKA_SASL_MECHANISM" ? `: one of ${MECHANISMS.join(", ")}` : "";
      if (text === null) refuse(name, `is missing, and KAFKA_SECURITY_PROTOCOL ${protocol} wants it${allowed}`);
      else if (!isCredential(text)) {
        refuse(name, `its value is not 1 to ${MAX_CREDENTIAL_LENGTH} characters without control characters`);
      }
    }
  }
  const [caFile, certificateFile, keyFile, keyPassword] = SSL_VARIABLES.map(given);
  if (usesSsl && (certificateFile === null) !== (keyFile === null)) {
    const missing = certificateFile === null ? "KAFKA_SSL_CERTIFICATE_FILE" : "KAFKA_SSL_KEY_FILE";
    refuse(missing, "is missing: a certificate and its key belong together");
  } else if (usesSsl && keyPassword !== null && keyFile === null) {
    refuse("KAFKA_SSL_KEY_FILE", "is missing: KAFKA_SSL_KEY_PASSWORD opens it");
  }
  const [username, password] = [given("KAFKA_SASL_USERNAME"), given("KAFKA_SASL_PASSWORD")];
  const isNamed = usesSasl && mechanism !== null && username !== null && password !== null;
  return {
    security: {
      ssl: usesSsl ? { caFile, certificateFile, keyFile, keyPassword } : null,
      sasl: isNamed ? { mechanism, username, password } : null,
    },
    issues,
  };
}

/**
 * What to warn of: who authenticates over a network and encrypts nothing shows others what is sent, and with PLAIN the
 * password too. Null where there is nothing.
 */
export function clearTextWarning(bootstrap: string, { ssl, sasl }: KafkaSecurity): string | null {
  if (sasl === null || ssl !== null) return null;
  const remote = bootstrap
    .split(",")
    .map((address) => address.trim())
    .filter((address) => !LOOPBACK.test(address));
  if (remote.length === 0) return null;
  const seen = sasl.mechanism === "PLAIN" ? "the password and all messages" : "all messages";
  return `KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT shows ${seen} to whoever can listen on the way to ${remote.join(", ")}: use SASL_SSL`;
}

const LOOPBACK = /^(127(\.[0-9]{1,3}){3}|localhost|\[::1\]):[0-9]+$/i;

function isCredential(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not be there
  return text.length <= MAX_CREDENTIAL_LENGTH && !/[\u0000-\u001f\u007f]/.test(text);
}
