import { check, checkSame, getProblem, type HttpCase, jsonPost, refusedFields } from "./http-client.ts";

const MIB = 1 << 20;
const LISTS = ["/recommend/1", "/similar/1", "/popular"];
const POSTS = ["/recommend", "/recommend/batch"];

const item = { movie_id: 1 };
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

async function checkRefused(base: string, path: string, fields: readonly string[], body?: unknown): Promise<void> {
  const init = body === undefined ? {} : jsonPost(body);
  checkSame(
    await refusedFields(`${base}${path}`, init),
    [...fields].sort(),
    `${path} ${JSON.stringify(body) ?? ""}`.slice(0, 200),
  );
}

/** A body in pieces, whose length is not announced. */
function pieces(size: number): ReadableStream<Uint8Array> {
  let left = size;
  return new ReadableStream({
    pull(controller) {
      const piece = new Uint8Array(Math.min(left, 1 << 16)).fill(0x20);
      left -= piece.length;
      controller.enqueue(piece);
      if (left === 0) controller.close();
    },
  });
}

export const refusalCases: readonly HttpCase[] = [
  {
    name: "k outside 1 to 500, or no integer, is 400 and says what is allowed",
    async run(base) {
      for (const path of LISTS) {
        for (const text of ["0", "501", "abc", "", "1e2", "-1", "5.0", "+5", "%205", "0x5", "99999999999999999999"]) {
          await checkRefused(base, `${path}?k=${text}`, ["k"]);
        }
        await checkRefused(base, `${path}?k=5&k=6`, ["k"]);
        await checkRefused(base, `${path}?k`, ["k"]);
      }
      const { body } = await getProblem(400, `${base}/popular?k=501`);
      const [{ value, message }] = body.errors ?? [];
      check(String(value) === "501" && /\b1\b.*\b500\b/.test(message), `${value}, ${message}`);
    },
  },
  {
    name: "other options out of range or of another type are 400",
    async run(base) {
      for (const [query, field] of [
        ["year_min=-1", "year_min"],
        ["year_max=10000", "year_max"],
        ["year_min=199x", "year_min"],
        ["year_min=2000&year_max=1999", "year_min"],
        ["model=", "model"],
        [`model=${"v".repeat(129)}`, "model"],
        ["model=v0.1&model=v0.2", "model"],
        ["genre=", "genre[0]"],
        [times(51, (i) => `genre=g${i}`).join("&"), "genre"],
        ["exclude=1,,2", "exclude[1]"],
        ["exclude=1,%00", "exclude[1]"],
        ["exclude=1&exclude=2", "exclude"],
        [`exclude=${times(1001, String).join(",")}`, "exclude"],
        ["k=%zz", "k"],
        ["genre=%ff", "genre"],
      ]) {
        for (const path of LISTS) await checkRefused(base, `${path}?${query}`, [field]);
      }
      for (const text of ["1", "yes", "TRUE", ""]) {
        await checkRefused(base, `/recommend/1?include_seen=${text}&explain=${text}`, ["explain", "include_seen"]);
      }
    },
  },
  {
    name: "an option that a route does not know is 400, never dropped",
    async run(base) {
      for (const path of [...LISTS, "/movies", "/movies/1", "/models", "/models/v0.1"]) {
        await checkRefused(base, `${path}?K=5&__proto__=1`, ["K", "__proto__"]);
      }
      for (const path of ["/similar/1", "/popular"]) {
        await checkRefused(base, `${path}?explain=true&include_seen=true`, ["explain", "include_seen"]);
      }
      await checkRefused(base, "/recommend/1?user_id=2", ["user_id"]);
      await checkRefused(base, "/recommend", ["K", "items[0].wieght"], { items: [{ ...item, wieght: 2 }], K: 5 });
      await checkRefused(base, "/recommend", ["user_ids"], { items: [item], user_ids: [1] });
      await checkRefused(base, "/recommend/batch", ["items"], { user_ids: [1], items: [item] });
    },
  },
  {
    name: "all faults of a request are told together",
    async run(base) {
      await checkRefused(base, "/recommend/%00?k=0&explain=yes&year_min=9&year_max=8&foo=1", [
        "user_id",
        "k",
        "explain",
        "year_min",
        "foo",
      ]);
      await checkRefused(base, "/recommend", ["items[1].movie_id", "items[2].weight", "k", "genre[0]", "x"], {
        items: [item, {}, { ...item, weight: 0 }],
        k: "5",
        genre: [1],
        x: 1,
      });
    },
  },
  {
    name: "a path id with control characters, broken encoding or over 128 bytes is 400",
    async run(base) {
      const segments = [
        "%00",
        "%0A",
        "%7F",
        "%C2%85",
        "%",
        "%zz",
        "%ff",
        "%C3",
        "x".repeat(129),
        "%E2%82%AC".repeat(43),
      ];
      for (const segment of segments) {
        await checkRefused(base, `/recommend/${segment}`, ["user_id"]);
        await checkRefused(base, `/similar/${segment}`, ["movie_id"]);
        await checkRefused(base, `/movies/${segment}`, ["movie_id"]);
        await checkRefused(base, `/models/${segment}`, ["version"]);
      }
    },
  },
  {
    name: "a search that is too long or asks for too many is 400",
    async run(base) {
      await checkRefused(base, `/movies?q=${"x".repeat(201)}`, ["q"]);
      for (const limit of ["0", "101", "x", ""]) await checkRefused(base, `/movies?q=a&limit=${limit}`, ["limit"]);
    },
  },
  {
    name: "a visitor's items that cannot be are 400, each by its place",
    async run(base) {
      const ids = [-1, 1.5, 2 ** 53, "", "\u0000", "x".repeat(129), null, true, [1], { id: 1 }];
      for (const movie_id of ids)
        await checkRefused(base, "/recommend", ["items[1].movie_id"], { items: [item, { movie_id }] });
      for (const weight of [0, -1, 1e-46, 1_000_001, "1", null, true]) {
        await checkRefused(base, "/recommend", ["items[0].weight"], { items: [{ ...item, weight }] });
      }
      for (const items of [undefined, null, [], {}, "1,2", times(1001, (movie_id) => ({ movie_id }))]) {
        await checkRefused(base, "/recommend", ["items"], { items });
      }
      for (const wrong of [1, "1", null, [1]]) await checkRefused(base, "/recommend", ["items[0]"], { items: [wrong] });
    },
  },
  {
    name: "options in a body have JSON types",
    async run(base) {
      for (const [options, field] of [
        [{ k: "5" }, "k"],
        [{ k: 5.5 }, "k"],
        [{ k: null }, "k"],
        [{ explain: "true" }, "explain"],
        [{ include_seen: 1 }, "include_seen"],
        [{ model: 1 }, "model"],
        [{ exclude: "1,2" }, "exclude"],
        [{ exclude: [-1] }, "exclude[0]"],
        [{ genre: 1 }, "genre"],
        [{ year_min: "1990" }, "year_min"],
        [{ year_min: 2000, year_max: 1999 }, "year_min"],
      ] as const) {
        await checkRefused(base, "/recommend", [field], { items: [item], ...options });
        await checkRefused(base, "/recommend/batch", [field], { user_ids: [1], ...options });
      }
    },
  },
  {
    name: "a batch without users, with over 1,000 or with one that cannot be is 400",
    async run(base) {
      for (const user_ids of [undefined, [], 1, times(1001, (i) => i)]) {
        await checkRefused(base, "/recommend/batch", ["user_ids"], { user_ids });
      }
      await checkRefused(base, "/recommend/batch", ["user_ids[1]"], { user_ids: [1, -1, 2] });
    },
  },
  {
    name: "a batch whose answers would be too large together is 400, and names what multiplies",
    async run(base) {
      const user_ids = times(1000, (i) => i);
      for (const [options, fields] of [
        [{ k: 101 }, ["user_ids", "k"]],
        [{ k: 500, explain: true }, ["user_ids", "k", "explain"]],
        [{ explain: true }, ["user_ids", "k", "explain"]],
        [{ k: 1, exclude: times(51, (i) => i) }, ["user_ids", "exclude"]],
        [{ k: 1, exclude: times(50, (i) => i), genre: "Drama" }, ["user_ids", "exclude", "genre"]],
      ] as const) {
        await checkRefused(base, "/recommend/batch", fields, { user_ids, ...options });
      }
    },
  },
  {
    name: "a body that is no JSON object is 400 and named",
    async run(base) {
      for (const body of ["", "{", "{'items':[]}", "null", "[]", "1", '"x"', "[".repeat(100_000)]) {
        for (const path of POSTS) await checkRefused(base, path, ["body"], body);
      }
      const init = { ...jsonPost(""), body: Uint8Array.of(0x22, 0xff, 0x22) };
      checkSame(await refusedFields(`${base}/recommend`, init), ["body"], "a body that is not UTF-8");
    },
  },
  {
    name: "a body not declared as JSON is 415",
    async run(base) {
      const body = JSON.stringify({ items: [item] });
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"]) {
        for (const path of POSTS) {
          await getProblem(415, `${base}${path}`, jsonPost(body, { "Content-Type": type }));
        }
      }
      await getProblem(415, `${base}/recommend`, { method: "POST", body: new TextEncoder().encode(body) });
      await getProblem(415, `${base}/recommend`, jsonPost(body, { "Content-Encoding": "br" }));
    },
  },
  {
    name: "a body over 1 MiB is 413, its length announced or not",
    async run(base) {
      for (const path of POSTS) {
        await getProblem(413, `${base}${path}`, jsonPost(" ".repeat(MIB + 1)));
        await getProblem(413, `${base}${path}`, { ...jsonPost(""), body: pieces(MIB + 1), duplex: "half" });
      }
    },
  },
  {
    name: "a body of exactly 1 MiB is read",
    async run(base) {
      const padded = JSON.stringify({ items: [item] }).padEnd(MIB);
      const response = await fetch(`${base}/recommend`, jsonPost(padded));
      checkSame(response.status, 200, "announced");
      const streamed = { ...jsonPost(""), body: new Blob([padded]).stream(), duplex: "half" } as const;
      checkSame((await fetch(`${base}/recommend`, streamed)).status, 200, "in pieces");
    },
  },
  {
    name: "an unknown model is 404 on every list",
    async run(base) {
      for (const model of ["v9.9", "latest", "..%2Fv0.1", "constructor"]) {
        for (const path of LISTS) await getProblem(404, `${base}${path}?model=${model}`);
      }
      await getProblem(404, `${base}/recommend`, jsonPost({ items: [item], model: "v9.9" }));
      await getProblem(404, `${base}/recommend/batch`, jsonPost({ user_ids: [1], model: "v9.9" }));
    },
  },
  {
    name: "an unknown route is 404",
    async run(base) {
      const paths = [
        "/nothing",
        "/popular/",
        "/recommend/",
        "/recommend/1/2",
        "/Popular",
        "//popular",
        "/assets/nothing.js",
      ];
      for (const path of paths) await getProblem(404, `${base}${path}`);
      await getProblem(404, `${base}/assets/..%2F..%2Fpackage.json`);
      await getProblem(404, `${base}/nothing`, jsonPost({}));
    },
  },
  {
    name: "a known route with another method is 405 and says which it takes",
    async run(base) {
      for (const [method, path, allow] of [
        ["POST", "/popular", "GET, HEAD"],
        ["DELETE", "/recommend/1", "GET, HEAD"],
        ["GET", "/recommend", "POST"],
        ["PUT", "/recommend/batch", "GET, HEAD, POST"],
        ["PATCH", "/models/v0.1", "GET, HEAD"],
        ["POST", "/", "GET, HEAD"],
      ] as const) {
        const { response } = await getProblem(405, `${base}${path}`, { method });
        checkSame(response.headers.get("Allow"), allow, `Allow of ${method} ${path}`);
      }
      const head = await fetch(`${base}/recommend`, { method: "HEAD" });
      checkSame([head.status, head.headers.get("Allow")], [405, "POST"], "HEAD of a route that only takes POST");
    },
  },
  {
    name: "what a problem echoes is bounded",
    async run(base) {
      const long = "🎬".repeat(100_000);
      const many = Object.fromEntries(times(20_000, (i) => [`m${i}`, 0]));
      const deep = `{"items":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
      for (const body of [{ items: long }, { [long]: 1 }, many, deep]) {
        const { body: problem } = await getProblem(400, `${base}/recommend`, jsonPost(body));
        check(JSON.stringify(problem).length < 100_000, "a problem is shorter than what caused it");
      }
    },
  },
];
