import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { type ConnectionOptions, createSecureContext } from "node:tls";
import { InputError } from "../base/errors.ts";
import type { KafkaSecurity } from "../stream/security.ts";

/** What the client wants in order to encrypt and to say who asks. */
export interface KafkaConnection {
  readonly tls?: ConnectionOptions;
  readonly tlsServerName?: boolean;
  readonly sasl?: NonNullable<KafkaSecurity["sasl"]>;
}

/**
 * Reads the files that connections to brokers want.
 * @throws InputError naming the variable whose file cannot be read or used
 */
export async function kafkaConnection(bootstrap: string, { ssl, sasl }: KafkaSecurity): Promise<KafkaConnection> {
  const named = sasl === null ? {} : { sasl };
  if (ssl === null) return named;
  const [ca, cert, key] = await Promise.all([
    pemOf("KAFKA_SSL_CA_FILE", ssl.caFile),
    pemOf("KAFKA_SSL_CERTIFICATE_FILE", ssl.certificateFile),
    pemOf("KAFKA_SSL_KEY_FILE", ssl.keyFile),
  ]);
  // Each by itself, so that the fault has a name. Of authorities, TLS passes over what it cannot read; of the others,
  // Deno looks at nothing before it connects.
  check("KAFKA_SSL_CA_FILE", ssl.caFile, () => certificatesIn(ca as string));
  check("KAFKA_SSL_CERTIFICATE_FILE", ssl.certificateFile, () => certificatesIn(cert as string));
  const passphrase = ssl.keyPassword ?? undefined;
  check("KAFKA_SSL_KEY_FILE", ssl.keyFile, () => {
    const read = createPrivateKey({ key: key as string, passphrase });
    if (!certificatesIn(cert as string)[0].checkPrivateKey(read)) throw new Error("it is another certificate's key");
    createSecureContext({ cert, key, passphrase });
  });
  return {
    ...named,
    // NODE_TLS_REJECT_UNAUTHORIZED does not reach what is said here.
    tls: { ca, cert, key, passphrase, rejectUnauthorized: true },
    // Brokers behind one address are told apart by the name in the handshake, which must not be an IP address (RFC 6066).
    tlsServerName: !bootstrap.split(",").some((address) => isIP(hostOf(address)) !== 0),
  };
}

function hostOf(address: string): string {
  return address
    .trim()
    .replace(/:[0-9]+$/, "")
    .replace(/^\[(.*)\]$/, "$1");
}

async function pemOf(name: string, path: string | null): Promise<string | undefined> {
  if (path === null) return undefined;
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw InputError.of(name, path, `${JSON.stringify(path)} cannot be read (${error.code ?? error.message})`);
  });
  if (text.includes("-----BEGIN ")) return text;
  throw InputError.of(name, path, `${JSON.stringify(path)} is not a PEM file`);
}

/** The certificates of a PEM file, at least one. */
function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (blocks === null) throw new Error("it holds no certificate");
  return blocks.map((block) => new X509Certificate(block));
}

function check(name: string, path: string | null, use: () => unknown): void {
  if (path === null) return;
  try {
    use();
  } catch (error) {
    const { message } = error as Error;
    throw InputError.of(name, path, `${JSON.stringify(path)} cannot be used (${message})`);
  }
}
