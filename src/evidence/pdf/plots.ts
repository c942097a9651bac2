import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { AvailabilityEvidence, ModelUpdatesEvidence } from "../reports.ts";
import { CONTENT_WIDTH } from "./node.ts";

const FIRST = "#8f2d1f";
const SECOND = "#5b6b86";
const SOFT = "#665b4f";
const LINE = "#e4dbce";
const INK = "#221c16";
const GAP = "#ece6db";
/** So that a plot stands on one page, with its caption. */
const MAX_HEIGHT = 500;

const CONFIG = {
  background: "white",
  font: "Roboto",
  view: { stroke: null },
  axis: {
    labelColor: INK,
    titleColor: SOFT,
    gridColor: LINE,
    domainColor: LINE,
    tickColor: LINE,
    labelFontSize: 9,
    titleFontSize: 9,
    titleFontWeight: "normal",
  },
  legend: { labelColor: INK, titleColor: SOFT, labelFontSize: 9, orient: "top", title: null },
} as const;

interface Span {
  readonly start: string;
  readonly end: string;
}

/** What a course over time is drawn over. */
interface Course {
  readonly window: Span;
  readonly gaps: readonly Span[];
  readonly points: AvailabilityEvidence["timeline"];
}

/** Availability in per cent over time, with the required one dashed and gaps shaded. */
export function availabilityPlot(course: Course, required: number): Promise<string> {
  const values = course.points.map(({ start, availability_percent: value }) => ({ time: Date.parse(start), value }));
  const lowest = Math.min(required, ...values.flatMap(({ value }) => (value === null ? [] : [value])));
  const domain = [Math.max(0, Math.floor(lowest - 5)), 100];
  return courseOf(course, values, { title: "availability, %", domain, layers: [dashed({ y: { datum: required } })] });
}

/** The 95th percentile of latency in milliseconds over time, gaps shaded. */
export function latencyPlot(course: Course): Promise<string> {
  const values = course.points.map(({ start, p95_latency_seconds: p95 }) => ({
    time: Date.parse(start),
    value: p95 === null ? null : 1000 * p95,
  }));
  return courseOf(course, values, { title: "95th percentile, ms", domain: null, layers: [] });
}

function courseOf(
  { window, gaps }: Course,
  values: readonly { readonly time: number; readonly value: number | null }[],
  { title, domain, layers }: { title: string; domain: readonly number[] | null; layers: readonly object[] },
): Promise<string> {
  const y = {
    field: "value",
    type: "quantitative",
    title,
    scale: domain === null ? { zero: true } : { domain, zero: false },
  };
  return render({
    height: 130,
    layer: [
      spanning(window),
      {
        data: { values: gaps.map(timesOf) },
        mark: { type: "rect", color: GAP },
        encoding: { x: { ...TIME_AXIS, field: "start" }, x2: { field: "end" } },
      },
      ...layers,
      {
        data: { values },
        mark: { type: "line", color: FIRST, strokeWidth: 1.4, invalid: "break-paths-show-domains" },
        encoding: { x: { ...TIME_AXIS, field: "time" }, y },
      },
      {
        data: { values: values.filter(({ value }) => value !== null) },
        mark: { type: "point", filled: true, color: FIRST, size: 8, opacity: 1 },
        encoding: { x: { ...TIME_AXIS, field: "time" }, y },
      },
    ],
  });
}

/** Which version was live when, by the switches of a period. */
export function modelTimelinePlot(period: Span, switches: ModelUpdatesEvidence["switches"]): Promise<string> {
  const marks = [period.start, ...switches.map(({ timestamp }) => timestamp), period.end];
  const live = [switches[0].from_version, ...switches.map(({ to_version }) => to_version)];
  const values = live.map((version, at) => ({ version, ...timesOf({ start: marks[at], end: marks[at + 1] }) }));
  const y = { field: "version", type: "nominal", title: null, sort: [...new Set(live)].sort(), axis: { grid: false } };
  return render({
    height: Math.min(26 * new Set(live).size, MAX_HEIGHT),
    layer: [
      spanning(period),
      {
        data: { values },
        mark: { type: "bar", color: SECOND, height: 12 },
        encoding: { x: { ...TIME_AXIS, field: "start" }, x2: { field: "end" }, y },
      },
      {
        data: { values: switches.map(({ timestamp }) => ({ time: Date.parse(timestamp) })) },
        mark: { type: "rule", color: FIRST, strokeDash: [3, 2] },
        encoding: { x: { ...TIME_AXIS, field: "time" } },
      },
    ],
  });
}

/** Values by name as bars, with marks at the thresholds. */
export function barsPlot(
  rows: readonly { readonly name: string; readonly value: number }[],
  { title, marks = [], format = "~g" }: { title: string; marks?: readonly number[]; format?: string },
): Promise<string> {
  const highest = Math.max(...marks, ...rows.map(({ value }) => value));
  const x = {
    field: "value",
    type: "quantitative",
    title,
    axis: { format },
    scale: { domain: [0, highest || 1], nice: true },
  };
  const y = { field: "name", type: "nominal", title: null, sort: rows.map(({ name }) => name), axis: { grid: false } };
  return render({
    height: Math.min(20 * rows.length, MAX_HEIGHT),
    layer: [
      { data: { values: rows }, mark: { type: "bar", color: SECOND, height: 11 }, encoding: { x, y } },
      ...marks.map((mark) => dashed({ x: { datum: mark } })),
    ],
  });
}

/** Values with their intervals, one under the other, and a mark at 0. */
export function intervalPlot(
  rows: readonly { readonly name: string; readonly low: number; readonly value: number; readonly high: number }[],
  title: string,
): Promise<string> {
  const x = { type: "quantitative", title, scale: { zero: true, nice: true } };
  const y = { field: "name", type: "nominal", title: null, sort: rows.map(({ name }) => name), axis: { grid: false } };
  return render({
    height: 26 * rows.length,
    layer: [
      dashed({ x: { datum: 0 } }),
      {
        data: { values: rows },
        mark: { type: "rule", color: FIRST, strokeWidth: 2.5 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y },
      },
      {
        data: { values: rows },
        mark: { type: "point", filled: true, color: FIRST, size: 50, opacity: 1 },
        encoding: { x: { ...x, field: "value" }, y },
      },
    ],
  });
}

const TIME_AXIS = {
  type: "temporal",
  title: "UTC",
  scale: { type: "utc" },
  axis: { format: "%d %b %H:%M", labelOverlap: true, tickCount: 6 },
} as const;

/** A layer that draws nothing and makes the axis of time span a window. */
function spanning({ start, end }: Span) {
  return {
    data: { values: [{ time: Date.parse(start) }, { time: Date.parse(end) }] },
    mark: { type: "rule", opacity: 0 },
    encoding: { x: { ...TIME_AXIS, field: "time", scale: { type: "utc", nice: false } } },
  };
}

/** A line across at a fixed place. */
function dashed(encoding: object) {
  return { data: { values: [{}] }, mark: { type: "rule", color: FIRST, strokeDash: [4, 3], opacity: 0.7 }, encoding };
}

function timesOf({ start, end }: Span) {
  return { start: Date.parse(start), end: Date.parse(end) };
}

/** A plot as SVG, as wide as a page's content. */
function render(spec: object): Promise<string> {
  const whole = { width: CONTENT_WIDTH, autosize: { type: "fit-x", contains: "padding" }, ...spec, config: CONFIG };
  return new View(parse(compile(whole as unknown as TopLevelSpec).spec), { renderer: "none" }).toSVG();
}
