import { BUCKETS_SECONDS, type Family } from "./families.ts";
import { completed, type Exemplar, type HistogramValue, type Labels, type Reading, type Series } from "./reading.ts";

/** OpenMetrics allows an exemplar's label names and values so many characters together. */
const MAX_EXEMPLAR_CHARACTERS = 128;

/** Where the two text formats differ. */
interface Dialect {
  /** The name in a family's own lines. */
  readonly familyName: (family: Family) => string;
  readonly unitLine: (family: Family) => string;
  /** How a bucket's bound is written. */
  readonly bound: (seconds: number) => string;
  readonly exemplar: (exemplar: Exemplar | null) => string;
}

const TEXT: Dialect = {
  familyName: ({ name }) => name,
  unitLine: () => "",
  bound: String,
  exemplar: () => "",
};

const OPEN_METRICS: Dialect = {
  familyName: ({ kind, name }) => (kind === "counter" ? name.replace(/_total$/, "") : name),
  unitLine: (family) => (family.unit === undefined ? "" : `# UNIT ${family.name} ${family.unit}\n`),
  bound: (seconds) => (Number.isInteger(seconds) ? `${seconds}.0` : String(seconds)),
  exemplar: (exemplar) => {
    if (exemplar === null || "request_id".length + exemplar.requestId.length > MAX_EXEMPLAR_CHARACTERS) return "";
    return ` # ${labelsText({ request_id: exemplar.requestId })} ${exemplar.seconds} ${exemplar.at / 1000}`;
  },
};

/**
 * The text format of Prometheus, version 0.0.4.
 * @param target what is measured, shown as `target_info`
 */
export function renderText(reading: Reading, target: Labels): string {
  const info = `# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info${labelsText(target)} 1\n`;
  return info + families(reading, TEXT);
}

/**
 * OpenMetrics 1.0, with the newest request of each bucket as its exemplar. The optional `_created` samples are left
 * out: Prometheus would keep each as a series.
 * @param target what is measured, shown as the info metric `target`
 */
export function renderOpenMetrics(reading: Reading, target: Labels): string {
  const info = `# HELP target Target metadata\n# TYPE target info\ntarget_info${labelsText(target)} 1\n`;
  return `${info}${families(reading, OPEN_METRICS)}# EOF\n`;
}

function families(reading: Reading, dialect: Dialect): string {
  let text = "";
  for (const [family, series] of completed(reading)) {
    const name = dialect.familyName(family);
    text += `# HELP ${name} ${escaped(family.help)}\n# TYPE ${name} ${family.kind}\n${dialect.unitLine(family)}`;
    for (const one of series) text += samples(family.name, one, dialect);
  }
  return text;
}

function samples(name: string, { labels, value }: Series, dialect: Dialect): string {
  return typeof value === "number"
    ? `${name}${labelsText(labels)} ${numberText(value)}\n`
    : histogram(name, labels, value, dialect);
}

function histogram(name: string, labels: Labels, { counts, sum, exemplars }: HistogramValue, dialect: Dialect): string {
  let text = "";
  let cumulative = 0;
  for (const [bucket, count] of counts.entries()) {
    cumulative += count;
    const le = bucket < BUCKETS_SECONDS.length ? dialect.bound(BUCKETS_SECONDS[bucket]) : "+Inf";
    text += `${name}_bucket${labelsText({ ...labels, le })} ${cumulative}${dialect.exemplar(exemplars[bucket])}\n`;
  }
  return `${text}${name}_count${labelsText(labels)} ${cumulative}\n${name}_sum${labelsText(labels)} ${numberText(sum)}\n`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
