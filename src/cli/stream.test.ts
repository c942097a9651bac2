import { Command } from "commander";
import { beforeEach, describe, expect, test } from "vitest";
import { memoryEvents } from "../../test/events.ts";
import { encodeRecord } from "../avro/encode.ts";
import { frame } from "../avro/framing.ts";
import { RATING_EVENT } from "../avro/schemas.ts";
import type { Consumer, Message } from "../stream/broker.ts";
import { pinnedSchemaIds, type SchemaIds } from "../stream/schema-ids.ts";
import type { KafkaSecurity } from "../stream/security.ts";
import type { Database } from "./dependencies.ts";
import { runCli } from "./run.ts";
import { type StreamDependencies, streamCommand } from "./stream.ts";

const PINNED = pinnedSchemaIds({ "reprise.watch": 1, "reprise.rating": 2, "reprise.response": 3 });

/** What there was, and what was done with it. */
let world: {
  topics: Record<string, Message[]>;
  brokerFault: Error | null;
  /** Why a consumer does not leave in good order. */
  leaveFault: Error | null;
  addresses: string[];
  securities: KafkaSecurity[];
  made: string[];
  members: [group: string, topics: readonly string[], instance: string | null][];
  events: ReturnType<typeof memoryEvents>;
  opened: string[];
  closed: string[];
  /** What a service answers, by path. */
  service: (path: string) => Response;
  asked: string[];
  registries: (string | null)[];
  /** Tells the process to end. */
  end: () => void;
};

function dependencies(out: string[], err: string[], env: Record<string, string>): StreamDependencies {
  const stopped = new Promise<void>((resolve) => {
    world.end = resolve;
  });
  const consumer = (topics: readonly string[]): Consumer => {
    let stop = () => {};
    return {
      run: async (take, untilEnd) => {
        const messages = topics.flatMap((topic) => world.topics[topic] ?? []);
        await take(messages.map((each, at) => ({ ...each, partition: 0, offset: BigInt(at), timestamp: 1 })));
        if (untilEnd) return;
        await new Promise<void>((resolve) => {
          stop = resolve;
          world.end();
        });
      },
      stop: async () => {
        world.closed.push("consumer");
        stop();
        if (world.leaveFault) throw world.leaveFault;
      },
    };
  };
  return {
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text), isTTY: false },
    env,
    now: () => Date.UTC(2026, 0, 1),
    fetch: async (url) => {
      const { pathname, search } = new URL(url);
      world.asked.push(pathname + search);
      return world.service(pathname);
    },
    broker: async (address, security) => {
      world.addresses.push(address);
      world.securities.push(security);
      return {
        ensureTopics: async (topics) => {
          if (world.brokerFault) throw world.brokerFault;
          world.made.push(...topics);
        },
        producer: async () => ({
          send: async (messages) => {
            for (const message of messages) {
              world.topics[message.topic] = [...(world.topics[message.topic] ?? []), message];
            }
          },
          close: async () => void world.closed.push("producer"),
        }),
        consumer: async (...member) => {
          world.members.push(member);
          return consumer(member[1]);
        },
      };
    },
    schemaIds: async (registry) => {
      world.registries.push(registry);
      const named: SchemaIds = { ...PINNED, idOf: async (topic) => topic.length };
      return registry === null ? PINNED : named;
    },
    database: (path) => {
      world.opened.push(path);
      return { events: world.events, close: () => void world.closed.push("database") } as unknown as Database;
    },
    leasingQueue: () => ({ pull: async () => [], acknowledge: async () => {} }),
    schedule: (_, work) => void setImmediate(work),
    stopped: () => stopped,
  };
}

beforeEach(() => {
  world = {
    topics: {},
    brokerFault: null,
    leaveFault: null,
    addresses: [],
    securities: [],
    made: [],
    members: [],
    events: memoryEvents(),
    opened: [],
    closed: [],
    service: () => Response.json({ source: "factors" }),
    asked: [],
    registries: [],
    end: () => {},
  };
});

async function run(argv: readonly string[], env: Record<string, string> = { KAFKA_BOOTSTRAP: "broker:9092" }) {
  const out: string[] = [];
  const err: string[] = [];
  const deps = dependencies(out, err, env);
  const program = new Command("reprise").addCommand(streamCommand(deps));
  const code = await runCli(program, ["stream", ...argv], deps);
  return { code, out: out.join(""), err: err.join("") };
}

const line = (text: string): Message => ({ topic: "log", key: "u", value: Buffer.from(text) });
const rated = (event_id: string): Message => ({
  topic: "reprise.rating",
  key: "1",
  value: frame(2, encodeRecord(RATING_EVENT, { ts: 1, user_id: 1, movie_id: 2, rating: 3, event_id })),
});

describe("stream ingest", () => {
  test("takes what the topics of watches and ratings hold into the database, and says how it went", async () => {
    world.topics["reprise.rating"] = [rated("a"), rated("a"), line("not avro")];
    expect(await run(["ingest", "--until-end"])).toEqual({
      code: 0,
      out: "1 accepted, 1 known already, 0 of erased users, 0 ignored, 1 to dead letters\n",
      err: "",
    });
    expect(world).toMatchObject({
      addresses: ["broker:9092"],
      registries: [null],
      members: [["reprise", ["reprise.watch", "reprise.rating"], null]],
      made: ["reprise.watch", "reprise.rating", "reprise.watch.dead", "reprise.rating.dead"],
      opened: ["var/reprise.sqlite"],
      closed: ["consumer", "producer", "database"],
    });
    expect(await world.events.lastSeq()).toBe(1);
  });

  test("reads the course's log, and leaves out lines that tell of no event", async () => {
    world.topics.log = [
      line("2024-10-14T15:20:53,12,GET /rate/alien+1979=4\n"),
      line("2024-10-14T15:20:54,12,GET /data/m/alien+1979/7.mpg"),
      line(
        "2024-10-14T15:20:55,12, recommendation request 17645-team15.isri.cmu.edu:8082, status 200, result: a, 5 ms",
      ),
      line("2024-10-14T15:20,12,GET /rate/alien+1979=4"),
    ];
    const argv = ["ingest", "--topic", "log", "--input", "cmu-log", "--until-end", "--format", "json"];
    const { code, out } = await run([...argv, "--group", "g", "--instance", "i", "--database", "d.sqlite"]);
    expect([code, JSON.parse(out)]).toEqual([0, { accepted: 2, duplicates: 0, erased: 0, ignored: 1, dead: 1 }]);
    expect(world).toMatchObject({ members: [["g", ["log"], "i"]], opened: ["d.sqlite"] });
    expect((await world.events.page(0, 9)).map(({ event }) => event)).toMatchObject([
      { event_id: "log/0/0/1", type: "rate", user_id: "12", movie_id: "alien+1979", rating: 4 },
      { event_id: "log/0/1/1", type: "watch", minute: 7, ts: Date.UTC(2024, 9, 14, 15, 20, 54) },
    ]);
    expect(world.topics["log.dead"]).toMatchObject([
      { key: "log/0/3/1", headers: { reason: expect.stringContaining('time "2024-10-14T15:20" must be') } },
    ]);
  });

  test("goes on until it is told to end, and then finishes", async () => {
    world.topics["reprise.rating"] = [rated("a")];
    expect(await run(["ingest"])).toMatchObject({ code: 0, out: expect.stringContaining("1 accepted") });
    expect(world.closed).toEqual(["consumer", "producer", "database"]);
  });

  test("that is told to end and cannot leave its group says so, and closes what it opened", async () => {
    world.leaveFault = new Error("Kafka at broker:9092: no answer");
    expect(await run(["ingest"])).toEqual({ code: 2, out: "", err: "error: Kafka at broker:9092: no answer\n" });
    expect(world.closed).toEqual(["consumer", "producer", "database"]);
  });

  test("takes the registry and the database from the environment, and the command line first", async () => {
    const env = { KAFKA_BOOTSTRAP: "a:1", SCHEMA_REGISTRY_URL: "http://r", REPRISE_STATE_DIR: "state" };
    await run(["ingest", "--until-end"], env);
    await run(["ingest", "--until-end", "--bootstrap", "b:2, c:3", "--schema-registry", "http://s"], env);
    expect(world).toMatchObject({
      addresses: ["a:1", "b:2, c:3"],
      registries: ["http://r", "http://s"],
      opened: ["state/reprise.sqlite", "state/reprise.sqlite"],
    });
  });

  test("names a user to the broker, and warns where others can listen", async () => {
    const env = {
      KAFKA_BOOTSTRAP: "broker:9092",
      KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT",
      KAFKA_SASL_MECHANISM: "PLAIN",
      KAFKA_SASL_USERNAME: "ann",
      KAFKA_SASL_PASSWORD: "s3cret",
    };
    const { code, err } = await run(["ingest", "--until-end"], env);
    expect(code).toBe(0);
    expect(world.securities).toEqual([
      { ssl: null, sasl: { mechanism: "PLAIN", username: "ann", password: "s3cret" } },
    ]);
    expect(err).toMatch(
      /^warning: KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT shows the password [^\n]+ broker:9092: [^\n]+\n$/,
    );
    await run(["ingest", "--until-end"]);
    expect(world.securities[1]).toEqual({ ssl: null, sasl: null });
  });

  test("takes who asks the registry from the environment", async () => {
    const env = { KAFKA_BOOTSTRAP: "a:1", SCHEMA_REGISTRY_URL: "http://r", SCHEMA_REGISTRY_USER_INFO: "ann:p" };
    await run(["ingest", "--until-end"], env);
    await run(["register-schemas", "--schema-registry", "http://s"], env);
    expect(world.registries).toEqual(["http://ann:p@r/", "http://ann:p@s/"]);
  });

  test("exits 2 with one line that names the address where the broker is not there, and opens nothing", async () => {
    world.brokerFault = new Error("Kafka at broker:9092: Connection to broker:9092 failed.");
    const { code, out, err } = await run(["ingest"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe("error: Kafka at broker:9092: Connection to broker:9092 failed.\n");
    expect(world.opened).toEqual([]);
  });

  test("shows no password of the registry in its help", async () => {
    const env = { SCHEMA_REGISTRY_URL: "http://ann:s3cret@registry" };
    const { code, out } = await run(["ingest", "--help"], env);
    expect(code).toBe(0);
    expect(out).toContain("SCHEMA_REGISTRY_URL");
    expect(out).not.toContain("s3cret");
  });

  test.each<[argv: string[], env: Record<string, string>, why: string]>([
    [[], {}, "KAFKA_BOOTSTRAP: must be host:port"],
    [["--bootstrap", "broker"], {}, "KAFKA_BOOTSTRAP: must be host:port"],
    [["--bootstrap", "broker:65536"], {}, "KAFKA_BOOTSTRAP: must be host:port"],
    [[], { KAFKA_BOOTSTRAP: "a:1", KAFKA_SECURITY_PROTOCOL: "SASL_SSL" }, "KAFKA_SASL_MECHANISM: is missing"],
    [["--topic", "a/b"], { KAFKA_BOOTSTRAP: "a:1" }, '--topic: "a/b" must be 1 to 80 letters'],
    [["--topic", "x".repeat(81)], { KAFKA_BOOTSTRAP: "a:1" }, "must be 1 to 80 letters"],
    [["--group", ""], { KAFKA_BOOTSTRAP: "a:1" }, '--group: "" must be 1 to 80 letters'],
    [["--instance", "a b"], { KAFKA_BOOTSTRAP: "a:1" }, '--instance: "a b" must be 1 to 80 letters'],
    [["--input", "json"], { KAFKA_BOOTSTRAP: "a:1" }, "Allowed choices are avro, cmu-log"],
  ])("refuses %j", async (argv, env, why) => {
    const { code, out, err } = await run(["ingest", ...argv], env);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(why);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect([world.made, world.opened]).toEqual([[], []]);
  });
});

describe("stream probe", () => {
  /** Users below 3 are known, 3 has newer events, the others get what is popular. */
  const bySource = (path: string) => {
    const user = Number(path.split("/").at(-1));
    return Response.json({ source: user < 3 ? "factors" : user === 3 ? "fold_in" : "popular" });
  };

  test("asks for one user after the other, and counts where answers come from", async () => {
    world.service = bySource;
    expect(await run(["probe", "--requests", "8"])).toEqual({
      code: 0,
      out: "8 answers, 37.5 % personal: 2 factors, 1 fold_in, 5 popular\n",
      err: "",
    });
    expect(world.asked[0]).toBe("/recommend/1?k=10");
    expect(world.asked.at(-1)).toBe("/recommend/8?k=10");
  });

  test.each([
    ["37.5", 0],
    ["38", 1],
  ])("exits by whether %s %% were personal", async (required, expected) => {
    world.service = bySource;
    const { code, out } = await run(["probe", "--requests", "8", "--required", required, "--format", "json"]);
    expect([code, JSON.parse(out)]).toEqual([
      expected,
      {
        requests: 8,
        sources: { factors: 2, fold_in: 1, popular: 5 },
        personalised_percent: 37.5,
        required_percent: Number(required),
      },
    ]);
  });

  test("exits 2 where the service answers with a fault", async () => {
    world.service = () => Response.json({ detail: "no model can answer" }, { status: 503 });
    const { code, out, err } = await run(["probe"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe("error: http://127.0.0.1:8080/recommend/1?k=10 answers 503: no model can answer\n");
    world.service = () => Response.json({ detail: "no such route" }, { status: 404 });
    expect(await run(["probe", "--api-url", "http://elsewhere"])).toMatchObject({
      code: 2,
      err: "error: http://elsewhere answers 404: no such route\n",
    });
  });

  test.each([
    [["--requests", "0"], "--requests: must be a whole number from 1 to 100000, is 0"],
    [["--requests", "100001"], "--requests"],
    [["--first-user", "1.5"], "--first-user"],
    [["--required", "101"], "--required: must be a number from 0 to 100, is 101"],
    [["--api-url", "here"], "--api-url"],
  ])("refuses %j", async (argv, why) => {
    const { code, err } = await run(["probe", ...argv]);
    expect([code, world.asked]).toEqual([2, []]);
    expect(err).toContain(why);
  });
});

describe("stream register-schemas", () => {
  test("registers the schema of each topic and prints its number", async () => {
    const argv = ["register-schemas", "--schema-registry", "http://registry:8081"];
    expect(await run(argv)).toMatchObject({
      code: 0,
      out: "reprise.watch 13\nreprise.rating 14\nreprise.response 16\n",
    });
    expect(JSON.parse((await run([...argv, "--format", "json"])).out)).toEqual({
      "reprise.watch": 13,
      "reprise.rating": 14,
      "reprise.response": 16,
    });
    expect(world.registries).toEqual(["http://registry:8081", "http://registry:8081"]);
  });

  test("wants to know where", async () => {
    const { code, err } = await run(["register-schemas"]);
    expect([code, err]).toEqual([2, expect.stringContaining("SCHEMA_REGISTRY_URL: is missing")]);
  });
});
