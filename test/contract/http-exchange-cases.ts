import { check, checkSame, getProblem, type HttpCase, jsonPost, mediaType } from "./http-client.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const requestId = async (url: string, init: RequestInit) => (await fetch(url, init)).headers.get("X-Request-ID");

export const exchangeCases: readonly HttpCase[] = [
  {
    name: "X-Request-ID is honoured and echoed, on errors too",
    async run(base) {
      for (const id of ["a", "A-z_0.9:", "x".repeat(128)]) {
        const headers = { "X-Request-ID": id };
        for (const path of ["/popular", "/nothing", "/popular?k=0", "/livez", "/"]) {
          checkSame(await requestId(`${base}${path}`, { headers }), id, `X-Request-ID of ${path}`);
        }
        const tooLarge = jsonPost(" ".repeat((1 << 20) + 1), headers);
        checkSame(await requestId(`${base}/recommend`, tooLarge), id, "X-Request-ID of a body that is too large");
      }
    },
  },
  {
    name: "a request id that is missing or not allowed is replaced by a UUID of version 7",
    async run(base) {
      for (const id of [undefined, "", "a b", "a/b", "x".repeat(129), "a,b", "<script>", "\u00e9"]) {
        const init = id === undefined ? {} : { headers: { "X-Request-ID": id } };
        const given = await requestId(`${base}/popular`, init);
        check(UUID_V7.test(given ?? ""), `the id given for ${id} is ${given}`);
      }
      const [one, other] = [await requestId(`${base}/livez`, {}), await requestId(`${base}/livez`, {})];
      check(one !== other, "every request has an id of its own");
    },
  },
  {
    name: "a GET that declares a content type is answered all the same",
    async run(base) {
      for (const type of ["application/json", "text/plain"]) {
        const response = await fetch(`${base}/recommend/1`, { headers: { "Content-Type": type } });
        checkSame(response.status, 200, `status of a GET with Content-Type ${type}`);
      }
    },
  },
  {
    name: "a traceparent, good or bad, never disturbs an answer",
    async run(base) {
      for (const traceparent of [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-0-0-0",
        "x".repeat(1000),
      ]) {
        const response = await fetch(`${base}/popular`, { headers: { traceparent } });
        checkSame(response.status, 200, `status with traceparent ${traceparent.slice(0, 60)}`);
      }
    },
  },
  {
    name: "answers are not to be sniffed, framed, cached or read by other sites",
    async run(base) {
      for (const path of ["/recommend/1", "/popular", "/similar/1", "/models", "/nothing", "/popular?k=0"]) {
        const { headers } = await fetch(`${base}${path}`, { headers: { Origin: "https://elsewhere.example" } });
        checkSame(headers.get("X-Content-Type-Options"), "nosniff", `X-Content-Type-Options of ${path}`);
        checkSame(headers.get("Cache-Control"), "no-store", `Cache-Control of ${path}`);
        check(/default-src 'none'/.test(headers.get("Content-Security-Policy") ?? ""), `a policy for ${path}`);
        checkSame(headers.get("Access-Control-Allow-Origin"), null, `CORS of ${path}`);
      }
    },
  },
  {
    name: "HEAD answers as GET does, without the body",
    async run(base) {
      const paths = [
        "/recommend/1",
        "/similar/1",
        "/popular",
        "/movies?q=a",
        "/models",
        "/healthz",
        "/openapi.json",
        "/",
      ];
      for (const path of [...paths, "/nothing", "/popular?k=0"]) {
        const [get, head] = [await fetch(`${base}${path}`), await fetch(`${base}${path}`, { method: "HEAD" })];
        checkSame([head.status, mediaType(head)], [get.status, mediaType(get)], `HEAD ${path}`);
        checkSame(await head.text(), "", `body of HEAD ${path}`);
        await get.body?.cancel();
      }
    },
  },
  {
    name: "hostile input is refused or answered, never a fault of the service",
    async run(base) {
      const texts = [
        "'; DROP TABLE--",
        "{{7*7}}",
        "<script>",
        "%2e%2e%2f",
        "\ud83c\udfac",
        "\u202e",
        "NaN",
        "__proto__",
      ];
      for (const text of texts.map(encodeURIComponent)) {
        for (const path of [
          `/recommend/${text}?genre=${text}&exclude=${text}`,
          `/recommend/1?model=${text}`,
          `/similar/${text}`,
          `/movies?q=${text}`,
          `/models/${text}`,
          `/popular?${text}=${text}`,
          `/${text}`,
        ]) {
          const response = await fetch(`${base}${path}`);
          check([200, 400, 404].includes(response.status), `${path} is answered with ${response.status}`);
          if (response.status !== 200) await getProblem(response.status, `${base}${path}`);
          else await response.body?.cancel();
        }
      }
    },
  },
];
