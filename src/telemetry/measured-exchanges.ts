import type { Exchange } from "../http/exchange.ts";
import type { Call } from "../http/recommender.ts";
import { ERROR_TYPES, OTHER_ERROR, RECOMMEND_ROUTES, SINGLE_ANSWER_ROUTES } from "./families.ts";
import type { Counter, Histogram, Instruments } from "./instruments.ts";
import { kept } from "./kept.ts";
import { bucketOf } from "./reading.ts";
import type { SloWindow } from "./slo-window.ts";

/** The arms of the users whose requests are under way: who answers learns it, and who measures wants it. */
export type Arms = WeakMap<Call, string>;

/** What `http_route` says where no route was found, so that paths which someone thought up add no series. */
const NO_ROUTE = "unmatched";
/** Semantic conventions, HTTP: other methods are `_OTHER`. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"];
const OTHER_METHOD = "_OTHER";

/** The series that an exchange adds to. */
interface Added {
  readonly duration: Histogram;
  /** Of the /recommend routes. */
  readonly recommend: {
    readonly requests: Counter;
    readonly latency: Histogram;
    readonly errors: Counter | null;
  } | null;
  readonly isSingle: boolean;
}

/** Measures requests that were answered, refused or failed. */
export function exchangeMeter(instruments: Instruments, arms: Arms, slo: SloWindow): (exchange: Exchange) => void {
  /** By method, route and status: each of them comes from a list of ours. */
  const seen = new Map<string, Map<string, Map<number, Added>>>();
  const ofVariant = new Map<string, { latency: Histogram; requests: Map<number, Counter> }>();

  const make = (method: string, route: string, status: number): Added => ({
    duration: instruments.histogram("http_server_request_duration_seconds", {
      "http.request.method": method,
      "http.route": route,
      "http.response.status_code": String(status),
    }),
    recommend: isRecommendRoute(route) ? recommendSeries(instruments, route, status) : null,
    isSingle: SINGLE_ANSWER_ROUTES.includes(route),
  });

  const countArm = (variant: string, status: number, seconds: number, requestId: string): void => {
    const { latency, requests } = kept(ofVariant, variant, () => ({
      latency: instruments.histogram("ab_test_latency_seconds", { variant }),
      requests: new Map<number, Counter>(),
    }));
    latency.record(seconds, requestId);
    kept(requests, status, () =>
      instruments.counter("ab_test_requests_total", { variant, status: String(status) }),
    ).add(1);
  };

  return ({ call, method, route, status, durationMs }) => {
    const seconds = Math.max(0, durationMs) / 1000;
    const { requestId } = call;
    const known = METHODS.includes(method) ? method : OTHER_METHOD;
    const routes = kept(seen, known, () => new Map<string, Map<number, Added>>());
    const statuses = kept(routes, route ?? NO_ROUTE, () => new Map<number, Added>());
    const { duration, recommend, isSingle } = kept(statuses, status, () => make(known, route ?? NO_ROUTE, status));
    duration.record(seconds, requestId);
    if (recommend === null) return;
    recommend.requests.add(1);
    recommend.latency.record(seconds, requestId);
    recommend.errors?.add(1);
    slo.countStatus(status);
    if (isSingle) slo.countLatency(bucketOf(seconds));
    const variant = arms.get(call);
    if (variant !== undefined) countArm(variant, status, seconds, requestId);
  };
}

function isRecommendRoute(route: string): boolean {
  return (RECOMMEND_ROUTES as readonly string[]).includes(route);
}

function recommendSeries(instruments: Instruments, endpoint: string, status: number): Added["recommend"] {
  return {
    requests: instruments.counter("recommend_requests_total", { status: String(status), endpoint }),
    latency: instruments.histogram("recommend_latency_seconds", { endpoint }),
    errors:
      status < 400
        ? null
        : instruments.counter("recommend_errors_total", { error_type: ERROR_TYPES[status] ?? OTHER_ERROR, endpoint }),
  };
}
