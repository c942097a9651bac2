import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RATING_EVENT, WATCH_EVENT } from "../avro/schemas.ts";
import { DataError, InputError, NotFoundError } from "../base/errors.ts";
import { schemaRegistry } from "./schema-registry.ts";

const TYPE = "application/vnd.schemaregistry.v1+json";

/** What was asked, and how. */
let asked: string[];
let server: Server;
let base: string;
/** What it answers instead, once. */
let instead: { status: number; body: string } | null;
const schemas: string[] = [];

/**
 * The part of Confluent's registry that is spoken here: https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 * A schema has one number, whichever subject it is registered under.
 */
async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
  const { method, url = "", headers } = request;
  let text = "";
  for await (const chunk of request) text += chunk;
  asked.push(`${method} ${url}`);
  const fault = (status: number, error_code: number, message: string) => ({
    status,
    body: JSON.stringify({ error_code, message }),
  });
  if (instead !== null) {
    const given = instead;
    instead = null;
    return given;
  }
  if (
    headers.authorization !== undefined &&
    headers.authorization !== `Basic ${Buffer.from("ann:s3:crét€").toString("base64")}`
  ) {
    return fault(401, 40101, "Unauthorized");
  }
  if (headers.accept !== TYPE) return fault(406, 40601, "Not acceptable");
  if (method === "POST" && /^\/subjects\/[^/]+\/versions$/.test(url)) {
    if (headers["content-type"] !== TYPE) return fault(415, 41501, "Unsupported media type");
    const { schema } = JSON.parse(text) as { schema: string };
    if (typeof schema !== "string") return fault(422, 42201, "Invalid schema");
    if (!schemas.includes(schema)) schemas.push(schema);
    return { status: 200, body: JSON.stringify({ id: schemas.indexOf(schema) + 100 }) };
  }
  const id = /^\/schemas\/ids\/(\d+)$/.exec(url)?.[1];
  if (method === "GET" && id !== undefined) {
    const schema = schemas[Number(id) - 100];
    return schema === undefined
      ? fault(404, 40403, "Schema not found")
      : { status: 200, body: JSON.stringify({ schema }) };
  }
  return fault(404, 404, "HTTP 404 Not Found");
}

beforeEach(async () => {
  asked = [];
  instead = null;
  schemas.length = 0;
  server = createServer((request, response) => {
    answer(request).then(({ status, body }) => response.writeHead(status, { "Content-Type": TYPE }).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const clock = { ms: 0 };
const opened = (address = base) => schemaRegistry(address, fetch, () => clock.ms);

describe("a schema registry", () => {
  test("is told a topic's schema under its subject, once, and gives its number", async () => {
    const registry = opened();
    const ids = [registry.idOf("reprise.rating", RATING_EVENT), registry.idOf("reprise.rating", RATING_EVENT)];
    expect(await Promise.all(ids)).toEqual([100, 100]);
    expect(await registry.idOf("reprise.watch", WATCH_EVENT)).toBe(101);
    expect(asked).toEqual([
      "POST /subjects/reprise.rating-value/versions",
      "POST /subjects/reprise.watch-value/versions",
    ]);
    expect(JSON.parse(schemas[0])).toEqual(RATING_EVENT);
  });

  test("is asked for a schema once", async () => {
    schemas.push(JSON.stringify(RATING_EVENT));
    const registry = opened(`${base}/`);
    const [first, second] = await Promise.all([registry.schemaOf(100), registry.schemaOf(100)]);
    expect(first).toBe(second);
    expect(first.fields.map(({ name }) => name)).toEqual(RATING_EVENT.fields.map(({ name }) => name));
    expect(asked).toEqual(["GET /schemas/ids/100"]);
  });

  test("may stand below a path, and want a user and a password, which no error shows", async () => {
    await expect(opened(`${base}/below/it`).schemaOf(1)).rejects.toThrow(`${base}/below/it/ refuses (404)`);
    const { host } = new URL(base);
    expect(await opened(`http://ann:s3%3Acrét€@${host}`).idOf("t", RATING_EVENT)).toBe(100);
    const refused = opened(`http://ann:wrong@${host}`).idOf("t", RATING_EVENT);
    await expect(refused).rejects.toThrow(new Error(`the schema registry at ${base}/ refuses (40101): Unauthorized`));
  });

  test("that does not know a number says so, and is asked again after five seconds: it may be registered later", async () => {
    const registry = opened();
    for (let message = 0; message < 100; message++) {
      clock.ms += 49;
      await expect(registry.schemaOf(100)).rejects.toThrow(NotFoundError);
    }
    expect(asked).toEqual(["GET /schemas/ids/100"]);
    schemas.push(JSON.stringify(WATCH_EVENT));
    clock.ms += 149;
    expect((await registry.schemaOf(100)).name).toBe("WatchEvent");
    expect(asked).toHaveLength(2);
  });

  test("is not remembered for not knowing more than a thousand numbers", async () => {
    const registry = opened();
    for (let id = 1; id <= 1_001; id++) await expect(registry.schemaOf(1_000 + id)).rejects.toThrow(NotFoundError);
    expect(asked).toHaveLength(1_001);
    await expect(registry.schemaOf(1_002)).rejects.toThrow(NotFoundError);
    expect(asked).toHaveLength(1_001);
    await expect(registry.schemaOf(1_001)).rejects.toThrow(NotFoundError);
    expect(asked).toHaveLength(1_002);
  });

  test("that cannot be asked is asked again at once", async () => {
    const registry = opened();
    schemas.push(JSON.stringify(WATCH_EVENT));
    instead = { status: 500, body: '{"error_code":50001,"message":"store"}' };
    await expect(registry.schemaOf(100)).rejects.toThrow("store");
    expect((await registry.schemaOf(100)).name).toBe("WatchEvent");
  });

  // Only its own "not found" is a message's fault; a wrong address would send every message to the dead letters.
  test.each<[what: string, status: number, body: string, why: string]>([
    ["a page that is not found", 404, "<html>", "answers 404, and not as a schema registry does"],
    [
      "another's not found",
      404,
      '{"error_code":40401,"message":"Subject not found"}',
      "refuses (40401): Subject not found",
    ],
    ["a page", 200, "<html>", "answers 200, and not as a schema registry does"],
    ["something else", 200, "{}", "answers 200, and not as a schema registry does"],
    ["a fault of its own", 500, '{"error_code":50001,"message":"store"}', "refuses (50001): store"],
  ])("that answers with %s is no registry, and no schema is missing", async (_, status, body, why) => {
    const registry = opened();
    for (const asking of [() => registry.schemaOf(100), () => registry.idOf("t", RATING_EVENT)]) {
      instead = { status, body };
      const error = await asking().then(
        () => expect.unreachable(),
        (reason: Error) => reason,
      );
      expect(error).not.toBeInstanceOf(NotFoundError);
      expect(error).not.toBeInstanceOf(DataError);
      expect(error.message).toBe(`the schema registry at ${base}/ ${why}`);
    }
    expect(await registry.idOf("t", RATING_EVENT)).toBe(100);
  });

  test("whose schema is of a kind that is not read here says that of the schema", async () => {
    schemas.push(JSON.stringify({ type: "record", name: "R", fields: [{ name: "a", type: "bytes" }] }));
    await expect(opened().schemaOf(100)).rejects.toThrow(DataError);
  });

  test("that does not answer is named, and asked again when it is back", async () => {
    const { port } = server.address() as AddressInfo;
    const registry = opened();
    await new Promise((resolve) => server.close(resolve));
    const failure = new Error(`the schema registry at ${base}/ does not answer (ECONNREFUSED)`);
    await expect(registry.idOf("t", RATING_EVENT)).rejects.toThrow(failure);
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    expect(await registry.idOf("t", RATING_EVENT)).toBe(100);
  });

  test.each(["", "registry:8081", "ftp://registry", "http://", "http://ann:100%@registry"])(
    "is not at %j",
    (address) => {
      expect(() => opened(address)).toThrow(InputError);
      expect(() => opened(address)).toThrow("SCHEMA_REGISTRY_URL");
    },
  );
});
