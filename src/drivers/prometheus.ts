import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { fetchedText, fetchFault } from "../base/fetched.ts";
import type { MetricsQuery, Series } from "../slo/metrics-query.ts";

/** Length of one question. Two hours are 7,200 samples a series at a scrape a second, below Prometheus' own 11,000 points. */
const PART_MS = 2 * 3_600_000;
const TIMEOUT_MS = 30_000;
const MAX_SERIES = 20_000;
const MAX_BYTES = 512 << 20;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const Matrix = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])).default([]),
      }),
    ),
  }),
});
const Fault = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/**
 * Prometheus' HTTP API, and that of what speaks it too. Samples come from range selectors in instant queries: those give
 * what was scraped at the time of the scrape, where `query_range` gives values at its own steps.
 * @throws InputError when the address is none
 */
export function prometheus(address: string, fetch: Fetch): MetricsQuery {
  const base = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    const message = `${JSON.stringify(address)} must be an address that begins with http:// or https://`;
    throw InputError.of("--prometheus-url", address, message);
  }
  const { username, password } = base;
  base.username = base.password = "";
  const headers: Record<string, string> = { Accept: "application/json" };
  if (username !== "")
    headers.Authorization = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  const shown = `Prometheus at ${base.href}`;

  const ask = async (query: string, time: number): Promise<unknown> => {
    const url = new URL("api/v1/query", base);
    url.search = new URLSearchParams({ query, time: String(time / 1000) }).toString();
    const init = { headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const response = await fetch(url.href, init).catch((cause) => {
      throw new Error(`${shown} does not answer (${fetchFault(cause, TIMEOUT_MS)})`, { cause });
    });
    const text = await fetchedText(response.body, MAX_BYTES).catch((cause) => {
      throw new Error(`${shown} broke off its answer (${fetchFault(cause, TIMEOUT_MS)})`, { cause });
    });
    let body: unknown = null;
    try {
      body = JSON.parse(text);
    } catch {}
    const fault = Fault.safeParse(body).data;
    if (fault) throw new Error(`${shown} refuses ${query}: ${fault.errorType}: ${fault.error}`);
    return body;
  };

  return {
    async *samples(selector, { start, end }) {
      for (let from = start; from < end; from += PART_MS) {
        const to = Math.min(from + PART_MS, end);
        const query = `${selector}[${Math.ceil(to - from)}ms]`;
        const matrix = Matrix.safeParse(await ask(query, to));
        if (!matrix.success) throw new Error(`${shown} answers, but not as Prometheus' HTTP API does`);
        const { result } = matrix.data.data;
        if (result.length > MAX_SERIES) {
          throw new Error(`${shown} holds ${result.length} series of ${selector}, more than ${MAX_SERIES}`);
        }
        yield result.map(({ metric, values }) => seriesOf(metric, values, from));
      }
    },
  };
}

/** Without the sample at the seam, which older versions of Prometheus give with both parts. */
function seriesOf(labels: Record<string, string>, values: readonly [number, string][], after: number): Series {
  const samples = values.map(([seconds, text]) => ({ time: Math.round(seconds * 1000), value: numberOf(text) }));
  return { labels, samples: samples.filter(({ time }) => time > after) };
}

function numberOf(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  return Number(text);
}
