/** Nine days of metrics of a service with two instances, as if scraped once a minute; minutes count from the submission. */
const FIRST_MINUTE = -4_330;
export const LAST_MINUTE = 8_640;
/** Minutes of which no scrape is there: 5 hours. */
export const GAP = { after: 5_000, until: 5_300 } as const;
/** Minutes in which every recommendation fails. */
const OUTAGE = { after: 6_000, until: 6_360 } as const;
/** Minutes in which no process runs; scrapes are tried in vain. */
export const DOWN = { after: 7_000, until: 7_060 } as const;
/** Before the submission, some requests fail in each of these minutes. */
const TROUBLE = { after: -101, until: -1 } as const;

/** When what is live changed, in minutes: between two scrapes. */
export const SWITCHES = [
  { minute: 2_000.3, from: "v0.1", to: "v0.2" },
  { minute: 6_320.7, from: "v0.2", to: "v0.1" },
] as const;

interface Instance {
  readonly name: string;
  /** Minutes right after which a process started. */
  readonly starts: readonly number[];
  /** Minutes in which none ran, beside DOWN. */
  readonly dead: { readonly after: number; readonly until: number } | null;
  /** Whether it is the one that is told to switch. */
  readonly steered: boolean;
}

const INSTANCES: readonly Instance[] = [
  { name: "api-1:8080", starts: [FIRST_MINUTE - 600, 3_000, DOWN.until], dead: null, steered: true },
  {
    name: "api-2:8080",
    starts: [1_200, 4_990, 5_100, DOWN.until],
    dead: { after: GAP.after, until: 5_100 },
    steered: false,
  },
];

const REQUESTS_PER_MINUTE = 10;
const BUCKETS = [
  ["0.005", 6],
  ["0.01", 10],
  ["0.025", 11],
  ["+Inf", 11],
] as const;
const ENDPOINT = 'endpoint="/recommend/{user_id}"';

type Span = { readonly after: number; readonly until: number };
const within = (minute: number, { after, until }: Span) => minute > after && minute <= until;

/** The history in OpenMetrics. @param submissionSeconds a whole minute, in seconds since 1970 */
export function metricsHistory(submissionSeconds: number): string {
  const families = new Map<string, string[]>([
    ["up gauge", []],
    ["service_uptime_seconds gauge", []],
    ["service_health_status gauge", []],
    ["recommend_requests counter", []],
    ["recommend_latency_seconds histogram", []],
    ["model_version_info gauge", []],
    ["model_switches counter", []],
  ]);
  const line = (family: string, series: string, value: number, minute: number) =>
    families.get(family)?.push(`${series} ${value} ${submissionSeconds + 60 * minute}\n`);
  for (const instance of INSTANCES) addInstance(instance, line);
  const text = [...families].map(([family, lines]) => `# TYPE ${family}\n${lines.join("")}`);
  return `${text.join("")}# EOF\n`;
}

function addInstance(
  { name, starts, dead, steered }: Instance,
  line: (family: string, series: string, value: number, minute: number) => void,
): void {
  const target = `job="reprise",instance="${name}"`;
  const counts = { ok: 0, failed: 0, refused: 0, requests: 0 };
  const switched = new Map<number, number>();
  let start: number | null = null;
  for (let minute = FIRST_MINUTE; minute <= LAST_MINUTE; minute++) {
    const begun = starts.filter((each) => each < minute).at(-1);
    if (begun === undefined) continue;
    if (begun !== start) {
      start = begun;
      Object.assign(counts, { ok: 0, failed: 0, refused: 0, requests: 0 });
      switched.clear();
    }
    const isDown = within(minute, DOWN) || (dead !== null && within(minute, dead));
    if (!isDown) {
      const fails = within(minute, OUTAGE);
      counts.ok += fails ? 0 : REQUESTS_PER_MINUTE;
      counts.failed += fails ? REQUESTS_PER_MINUTE : within(minute, TROUBLE) ? REQUESTS_PER_MINUTE / 2 : 0;
      counts.refused += 1;
      counts.requests += 1;
      for (const [at, each] of SWITCHES.entries()) {
        if (steered && each.minute > minute - 1 && each.minute <= minute) switched.set(at, 1);
      }
    }
    if (minute > GAP.after && minute < GAP.until) continue;
    line("up gauge", `up{${target}}`, isDown ? 0 : 1, minute);
    if (isDown) continue;
    line("service_uptime_seconds gauge", `service_uptime_seconds{${target}}`, (minute - start) * 60 - 10, minute);
    line("service_health_status gauge", `service_health_status{${target}}`, within(minute, OUTAGE) ? 0 : 1, minute);
    for (const [status, value] of Object.entries({ 200: counts.ok, 404: counts.refused, 503: counts.failed })) {
      // The series of failures is there from the first one on.
      if (value === 0 && status === "503") continue;
      line(
        "recommend_requests counter",
        `recommend_requests_total{${target},${ENDPOINT},status="${status}"}`,
        value,
        minute,
      );
    }
    for (const [le, each] of BUCKETS) {
      const series = `recommend_latency_seconds_bucket{${target},${ENDPOINT},le="${le}"}`;
      line("recommend_latency_seconds histogram", series, each * counts.requests, minute);
    }
    const live = SWITCHES.filter((each) => each.minute <= minute).at(-1)?.to ?? "v0.1";
    line("model_version_info gauge", `model_version_info{${target},model_name="als",version="${live}"}`, 1, minute);
    for (const at of switched.keys()) {
      const labels = `from_version="${SWITCHES[at].from}",to_version="${SWITCHES[at].to}",status="200"`;
      line("model_switches counter", `model_switches_total{${target},${labels}}`, 1, minute);
    }
  }
}
