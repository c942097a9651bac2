import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../runtime/processes.ts";
import { missingFromMaven } from "./maven.ts";
import type { Missing } from "./requirement.ts";

const FOLDER = fileURLToPath(new URL("../../build/apicurio", import.meta.url));
/** The last version that runs on Java 17, as Maven Central has it. Later versions of the plugin want poms that it has not. */
const VERSION = "3.0.9";
const UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:2.8:unpack";
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 100;

export function missingApicurio(): Missing {
  const artifact = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`;
  return missingFromMaven("Apicurio Registry", FOLDER, [UNPACK, `-Dartifact=${artifact}`]);
}

export interface TestRegistry {
  /** Where it speaks as Confluent's registry does; the same over TLS. */
  readonly address: string;
  readonly secureAddress: string;
  close(): Promise<void>;
}

/** Apicurio Registry on free ports of loopback, with its schemas in memory. */
export async function startApicurio(certificate: { server: string; serverKey: string }): Promise<TestRegistry> {
  const [port, securePort] = [await freePort(), await freePort()];
  const settings = {
    "quarkus.http.host": "127.0.0.1",
    "quarkus.http.port": port,
    "quarkus.http.ssl-port": securePort,
    "quarkus.http.ssl.certificate.files": certificate.server,
    "quarkus.http.ssl.certificate.key-files": certificate.serverKey,
  };
  const jar = join(FOLDER, `apicurio-registry-app-${VERSION}-runner.jar`);
  const options = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const args = [...options, ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`), "-jar", jar];
  const child = spawn("java", args, { stdio: "ignore" });
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const close = async (): Promise<void> => {
    process.off("exit", killAtExit);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  const path = "apis/ccompat/v7";
  const address = `http://127.0.0.1:${port}/${path}`;
  for (const deadline = Date.now() + START_TIMEOUT_MS; child.exitCode === null; await setTimeout(POLL_MS)) {
    const answer = await fetch(`${address}/subjects`).catch(() => null);
    if (answer?.ok) return { address, secureAddress: `https://127.0.0.1:${securePort}/${path}`, close };
    if (Date.now() > deadline) break;
  }
  await close();
  throw new Error("Apicurio Registry does not start");
}
