import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allDashboards, dashboardFile } from "../../otel/dashboards/all.ts";
import { AVAILABILITY_BUDGET, LATENCY_BUDGET } from "../../otel/dashboards/objectives.ts";
import { LATENCY_P95_OBJECTIVE_SECONDS } from "../../src/slo/objectives.ts";
import { BUCKETS_SECONDS } from "../../src/telemetry/families.ts";
import { ROOT } from "../runtime/processes.ts";
import { anchors } from "./markdown.ts";
import { unknownNames } from "./queries.ts";
import { yamlFile } from "./yaml.ts";

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

interface DashboardJson {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly description?: string;
    readonly gridPos: { readonly x: number; readonly w: number };
    readonly datasource?: object;
    readonly targets?: readonly { readonly expr: string; readonly datasource: object }[];
  }[];
}

interface TestFile {
  readonly group_eval_order: readonly string[];
  readonly tests: readonly {
    readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
  }[];
}

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const groups = ["recording", "alerts"].flatMap(
  (name) => yamlFile<RuleFile>(`otel/prometheus/rules/${name}.yml`).groups,
);
const rules = groups.flatMap((group) => group.rules);
const recorded = rules.flatMap(({ record }) => record ?? []);
const alerts = rules.filter(({ alert }) => alert !== undefined) as (Rule & { readonly alert: string })[];
const unitTests = ["alerts", "days"].map((name) => yamlFile<TestFile>(`otel/prometheus/tests/${name}.test.yml`));

describe("dashboards", () => {
  const folder = "otel/grafana/dashboards";
  const built = Object.entries(allDashboards());

  test("are committed as the code describes them: else run scripts/build-dashboards.ts", () => {
    expect(readdirSync(join(ROOT, folder)).sort()).toEqual(built.map(([name]) => name).sort());
    for (const [name, dashboard] of built) expect(read(`${folder}/${name}`)).toBe(dashboardFile(dashboard));
  });

  describe.each(built)("%s", (_, dashboard) => {
    const { panels, templating, uid } = JSON.parse(dashboardFile(dashboard)) as DashboardJson;
    const queries = panels.flatMap(({ targets = [] }) => targets);
    const expressions = queries.map(({ expr }) => expr);

    test("asks only for what the service shows and the rules record", () => {
      expect(expressions.length).toBeGreaterThan(5);
      expect(expressions.flatMap((expr) => unknownNames(expr, recorded))).toEqual([]);
    });

    test("leaves the data source to whoever looks, everywhere", () => {
      const source = { type: "prometheus", uid: `\${datasource}` };
      expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
        ["datasource", "datasource"],
        ["job", "query"],
      ]);
      const drawn = panels.filter(({ type }) => type !== "row");
      expect([...drawn, ...queries].map(({ datasource }) => datasource)).toEqual(
        [...drawn, ...queries].map(() => source),
      );
    });

    test("has panels with a place, a number, a name and a sentence of their own", () => {
      expect(uid).toMatch(/^reprise-[a-z]+$/);
      const drawn = panels.filter(({ type }) => type !== "row");
      const names = drawn.map(({ title }) => title);
      expect(new Set(names).size).toBe(names.length);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const panel of drawn) {
        expect([panel.title, panel.gridPos.x + panel.gridPos.w <= 24]).toEqual([panel.title, true]);
        expect([panel.title, panel.description ?? ""]).toEqual([panel.title, expect.stringMatching(/^\S.{10,}\.$/)]);
      }
    });
  });
});

describe("names in a query", () => {
  test.each([
    ['sum by (status) (rate(recommend_requests_total{job="$job",status=~"5.."}[$__rate_interval])) > 0', []],
    ['histogram_quantile(0.95, sum by (le) (rate(recommend_latency_seconds_bucket{le="0.1"}[5m])))', []],
    ['up{job="reprise"} == 0 or absent(up)', []],
    ["made:up offset 7d", []],
    ["rate(recommend_request_total[5m])", ["recommend_request_total"]],
    ["recommend_latency_seconds", ["recommend_latency_seconds"]],
    ['outbox_pending{user_id="1"}', ["outbox_pending{user_id}"]],
    ['recommend_latency_seconds_sum{le="1"}', ["recommend_latency_seconds_sum{le}"]],
  ])("%s", (query, unknown) => expect(unknownNames(query, ["made:up"])).toEqual(unknown));
});

describe("rules", () => {
  test("ask only for what the service shows and other rules record", () => {
    expect(rules.length).toBeGreaterThan(25);
    expect(rules.flatMap(({ expr }) => unknownNames(expr, recorded))).toEqual([]);
  });

  test("hold the service to its objectives, and to burn rates of the workbook", () => {
    const limits = (name: string) =>
      Array.from(alerts.find(({ alert }) => alert === name)?.expr.matchAll(/> ([\d.]+) \* ([\d.]+)/g) ?? [], (match) =>
        match.slice(1).map(Number),
      );
    for (const [objective, budget] of [
      ["Availability", AVAILABILITY_BUDGET],
      ["Latency", LATENCY_BUDGET],
    ] as const) {
      const at = (rates: number[]) =>
        rates.flatMap((rate) => [
          [rate, budget],
          [rate, budget],
        ]);
      expect(limits(`Reprise${objective}BurnsFast`)).toEqual(at([14.4, 6]));
      expect(limits(`Reprise${objective}BurnsSlowly`)).toEqual(at([3, 1]));
    }
  });

  test("find slow answers by a bucket that there is", () => {
    const bounds = rules.flatMap(({ expr }) => Array.from(expr.matchAll(/le="([\d.]+)"/g), ([, le]) => Number(le)));
    expect(new Set(bounds)).toEqual(new Set([LATENCY_P95_OBJECTIVE_SECONDS]));
    expect(BUCKETS_SECONDS).toContain(LATENCY_P95_OBJECTIVE_SECONDS);
  });

  test.each(alerts)("$alert says how bad it is and what to do", ({ alert, labels = {}, annotations = {} }) => {
    expect(["page", "ticket"]).toContain(labels.severity);
    expect(annotations).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
    const [path, anchor] = (annotations.runbook_url ?? "").split("#") as [string, string];
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect([alert, anchors(read(path))]).toEqual([alert, expect.arrayContaining([anchor])]);
    expect(anchor).toBe(alert.toLowerCase());
  });

  test("are all in the runbook, which has no others", () => {
    const headings = Array.from(read("docs/OBSERVABILITY.md").matchAll(/^### (Reprise\w+)$/gm), ([, name]) => name);
    expect(headings.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  test.each(alerts)("$alert is tested to fire and not to", ({ alert }) => {
    const expectations = unitTests
      .flatMap(({ tests }) => tests)
      .flatMap((one) => one.alert_rule_test ?? [])
      .filter(({ alertname }) => alertname === alert)
      .map(({ exp_alerts }) => exp_alerts.length > 0);
    expect(new Set(expectations)).toEqual(new Set([true, false]));
  });

  test("are tested in the order in which they build on each other", () => {
    for (const { group_eval_order } of unitTests) expect(group_eval_order).toEqual(groups.map(({ name }) => name));
  });
});
