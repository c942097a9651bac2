import { check, checkSame, type HttpCase, jsonPost } from "./http-client.ts";
import { eventually, steering } from "./http-steering.ts";

/** What dashboards rely on, with the kinds that Prometheus knows. */
const FAMILIES = {
  recommend_requests_total: "counter",
  recommend_latency_seconds: "histogram",
  recommend_errors_total: "counter",
  recommend_source_total: "counter",
  model_version_info: "gauge",
  model_switches_total: "counter",
  model_load_seconds: "histogram",
  ab_test_requests_total: "counter",
  ab_test_latency_seconds: "histogram",
  shadow_overlap_ratio: "gauge",
  data_drift_psi: "gauge",
  data_drift_kl: "gauge",
  data_missing_ratio: "gauge",
  data_outlier_fraction: "gauge",
  service_uptime_seconds: "gauge",
  service_health_status: "gauge",
  slo_latency_p95_seconds: "gauge",
  slo_availability_ratio: "gauge",
  slo_error_budget_remaining_ratio: "gauge",
  events_total: "counter",
  outbox_pending: "gauge",
  traces_dropped_total: "counter",
  http_server_request_duration_seconds: "histogram",
};

const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const ENDPOINT = 'endpoint="/recommend/{user_id}"';

async function pageOf(base: string, accept = "text/plain"): Promise<{ readonly type: string; readonly text: string }> {
  const response = await fetch(`${base}/metrics`, { headers: { Accept: accept } });
  const text = await response.text();
  check(response.status === 200, `/metrics: ${response.status}`);
  return { type: response.headers.get("Content-Type") ?? "", text };
}

async function seriesOf(base: string): Promise<Map<string, number>> {
  const samples = (await pageOf(base)).text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const series = new Map<string, number>();
  for (const line of samples) {
    const at = line.lastIndexOf(" ");
    check(!series.has(line.slice(0, at)), `${line.slice(0, at)} stands there twice`);
    series.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return series;
}

/** Waits until the series have grown by so much: what an isolate measured may be told a moment later. */
async function grown(base: string, before: ReadonlyMap<string, number>, by: Readonly<Record<string, number>>) {
  const growthIn = (after: ReadonlyMap<string, number>) =>
    Object.fromEntries(Object.keys(by).map((name) => [name, (after.get(name) ?? 0) - (before.get(name) ?? 0)]));
  await eventually(`growth of ${JSON.stringify(by)}`, async () => {
    const growth = growthIn(await seriesOf(base));
    for (const [name, sent] of Object.entries(by)) check((growth[name] as number) <= sent, `${name} counts too much`);
    return JSON.stringify(growth) === JSON.stringify(by) ? growth : null;
  });
}

export const metricsCases: readonly HttpCase[] = [
  {
    name: "metrics show every family, as text or as OpenMetrics",
    async run(base) {
      const { type, text } = await pageOf(base);
      checkSame(type, "text/plain; version=0.0.4; charset=utf-8", "type");
      const open = await pageOf(base, "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
      checkSame(open.type, OPEN_METRICS, "type where OpenMetrics is asked for");
      check(open.text.endsWith("# EOF\n") && !text.includes("# EOF"), "only OpenMetrics ends in EOF");
      for (const [name, kind] of Object.entries(FAMILIES)) {
        check(text.includes(`# HELP ${name} `) && text.includes(`# TYPE ${name} ${kind}\n`), `${name} is a ${kind}`);
        const family = kind === "counter" ? name.replace(/_total$/, "") : name;
        check(open.text.includes(`# TYPE ${family} ${kind}\n`), `OpenMetrics: ${family} is a ${kind}`);
      }
      const series = await seriesOf(base);
      checkSame(series.get("service_health_status"), 1, "health");
      check((series.get("service_uptime_seconds") ?? 0) > 0, "uptime");
      check(
        [...series.keys()].some((name) => /^target_info\{.*service_name="/.test(name)),
        "target_info",
      );
      const live = [...series.keys()].filter((name) => name.startsWith("model_version_info{"));
      check(live.length === 1 && (live[0] as string).includes('version="v0.1"'), `what is live: ${live.join(" ")}`);
    },
  },
  {
    name: "metrics count exactly what was sent, refused requests with their status",
    async run(base) {
      const before = await seriesOf(base);
      const get = async (path: string, times: number) => {
        for (let place = 0; place < times; place++) await (await fetch(`${base}${path}`)).arrayBuffer();
      };
      await Promise.all([get("/recommend/42", 40), get("/recommend/43?k=0", 7), get("/recommend/44?model=v9.9", 5)]);
      const post = async (path: string, body: unknown) => (await fetch(`${base}${path}`, jsonPost(body))).arrayBuffer();
      await post("/recommend", { items: [{ movie_id: 1 }] });
      await post("/recommend", "x".repeat((1 << 20) + 1));
      await post("/recommend/batch", { user_ids: [1, 2, 3] });
      await grown(base, before, {
        [`recommend_requests_total{status="200",${ENDPOINT}}`]: 40,
        [`recommend_requests_total{status="400",${ENDPOINT}}`]: 7,
        [`recommend_requests_total{status="404",${ENDPOINT}}`]: 5,
        'recommend_requests_total{status="200",endpoint="/recommend"}': 1,
        'recommend_requests_total{status="413",endpoint="/recommend"}': 1,
        'recommend_requests_total{status="200",endpoint="/recommend/batch"}': 1,
        [`recommend_latency_seconds_count{${ENDPOINT}}`]: 52,
        [`recommend_errors_total{error_type="invalid_input",${ENDPOINT}}`]: 7,
        'recommend_source_total{source="session"}': 1,
      });
    },
  },
  {
    name: "metrics gain no series by paths and ids that someone thought up",
    async run(base) {
      const unmatched = 'http_request_method="GET",http_route="unmatched",http_response_status_code="404"';
      await (await fetch(`${base}/nowhere`)).arrayBuffer();
      await (await fetch(`${base}/recommend/nobody`)).arrayBuffer();
      const before = await eventually("the first unmatched path", async () => {
        const series = await seriesOf(base);
        return series.has(`http_server_request_duration_seconds_count{${unmatched}}`) ? series : null;
      });
      for (let place = 0; place < 100; place++) {
        await (await fetch(`${base}/nowhere/${place}`)).arrayBuffer();
        await (await fetch(`${base}/recommend/thought-up-${place}`)).arrayBuffer();
      }
      await grown(base, before, {
        [`http_server_request_duration_seconds_count{${unmatched}}`]: 100,
        [`recommend_requests_total{status="200",${ENDPOINT}}`]: 100,
      });
      const added = [...(await seriesOf(base)).keys()].filter((name) => !before.has(name));
      checkSame(added, [], "series added");
    },
  },
  steering("metrics count switches by status, and do not name an unknown version", async (base) => {
    const before = await seriesOf(base);
    for (const model of ["v0.2", "v0.1", "v9.9"]) {
      await (await fetch(`${base}/switch?model=${model}`, { method: "POST" })).arrayBuffer();
    }
    await grown(base, before, {
      'model_switches_total{from_version="v0.1",to_version="v0.2",status="200"}': 1,
      'model_switches_total{from_version="v0.2",to_version="v0.1",status="200"}': 1,
      'model_switches_total{from_version="v0.1",to_version="unknown",status="404"}': 1,
    });
  }),
];
