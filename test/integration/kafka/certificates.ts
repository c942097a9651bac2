import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Missing } from "../requirement.ts";

/** Paths of PEM files. */
export interface Certificates {
  /** Who vouches for the others. */
  readonly ca: string;
  /** Of a server on 127.0.0.1; the keystore is both in one. */
  readonly server: string;
  readonly serverKey: string;
  readonly serverKeystore: string;
  readonly client: string;
  readonly clientKey: string;
}

export function missingOpenssl(): Missing {
  return spawnSync("openssl", ["version"]).status === 0 ? null : "openssl: install the package openssl";
}

/** Certificates of an authority that nobody knows, good for two days. */
export function makeCertificates(folder: string): Certificates {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
  const request = ["req", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  openssl(...request, "-x509", "-keyout", at("ca.key"), "-out", at("ca.pem"), "-subj", "/CN=an authority for tests");
  for (const [name, subject] of [
    ["server", "/CN=127.0.0.1"],
    ["client", "/CN=ann"],
  ] as const) {
    const authority = ["-CA", at("ca.pem"), "-CAkey", at("ca.key")];
    const names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"];
    openssl(
      ...request,
      "-x509",
      ...authority,
      "-keyout",
      at(`${name}.key`),
      "-out",
      at(`${name}.pem`),
      "-subj",
      subject,
      ...names,
    );
  }
  writeFileSync(
    at("server-keystore.pem"),
    readFileSync(at("server.key"), "utf8") + readFileSync(at("server.pem"), "utf8"),
  );
  return {
    ca: at("ca.pem"),
    server: at("server.pem"),
    serverKey: at("server.key"),
    serverKeystore: at("server-keystore.pem"),
    client: at("client.pem"),
    clientKey: at("client.key"),
  };
}
