import { freePort } from "../../runtime/processes.ts";
import { type BrokerExtras, startKafka, type TestBroker } from "./broker.ts";
import type { Certificates } from "./certificates.ts";

export const USER = "ann";
export const PASSWORD = "s3cret-für-alle";

export interface SecuredBroker {
  /** Without TLS and users, as tests read it. */
  readonly open: TestBroker;
  /** Where SASL_SSL is spoken: PLAIN and both kinds of SCRAM. */
  readonly sasl: string;
  /** Where clients show a certificate. */
  readonly mutual: string;
  /** Where SASL is spoken without TLS. */
  readonly clear: string;
}

/** A broker with a listener of each kind, which knows USER by PASSWORD. */
export async function startSecuredKafka({ ca, serverKeystore }: Certificates): Promise<SecuredBroker> {
  const [sasl, mutual, clear] = await Promise.all(
    Array.from({ length: 3 }, async () => `127.0.0.1:${await freePort()}`),
  );
  const login = (listener: string, mechanism: string, module: string) =>
    `listener.name.${listener}.${mechanism}.sasl.jaas.config=org.apache.kafka.common.security.${module};`;
  const plain = `plain.PlainLoginModule required user_${USER}="${escaped(PASSWORD)}"`;
  const scram = "scram.ScramLoginModule required";
  const extras: BrokerExtras = {
    listeners: { SASL: [sasl, "SASL_SSL"], MUTUAL: [mutual, "SSL"], CLEAR: [clear, "SASL_PLAINTEXT"] },
    properties: [
      "ssl.keystore.type=PEM",
      `ssl.keystore.location=${serverKeystore}`,
      "ssl.truststore.type=PEM",
      `ssl.truststore.location=${ca}`,
      "listener.name.mutual.ssl.client.auth=required",
      "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      ...["sasl", "clear"].flatMap((listener) => [
        login(listener, "plain", plain),
        login(listener, "scram-sha-256", scram),
        login(listener, "scram-sha-512", scram),
      ]),
    ],
    format: ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
      "--add-scram",
      `${mechanism}=[name=${USER},password=${PASSWORD}]`,
    ]),
  };
  return { open: await startKafka(extras), sasl, mutual, clear };
}

/** As a properties file is read: in Latin 1, with escapes beyond it. */
function escaped(text: string): string {
  return text.replace(/[^ -~]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
