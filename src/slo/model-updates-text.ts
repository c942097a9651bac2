import { boxed, figures } from "./box.ts";
import type { ModelUpdatesReport, ReportedSwitch } from "./model-updates.ts";

/** Switches that are told one by one. */
const MAX_SWITCHES = 50;
const NO_DATA = "no data";

/** The report for people. */
export function modelUpdatesText(report: ModelUpdatesReport): string {
  const { observation_period: period, requirement, best_7day_window: best, sources } = report;
  return [
    boxed("MODEL UPDATES"),
    "\nObservation period\n",
    figures([
      ["from", period.start],
      ["to", period.end],
      ["duration", `${Math.round(period.duration_days * 100) / 100} days`],
      ["live record", sources.history ?? "read, to the second"],
      ["Prometheus", sources.prometheus ?? "read, to one scrape"],
    ]),
    `\nSwitches: ${report.total_switches ?? NO_DATA}\n`,
    ...lines(report.switches),
    "\nBest 7 days\n",
    figures([
      ["from", best.start],
      ["to", best.end],
      ["switches", `${best.switch_count ?? NO_DATA}`],
    ]),
    "\nRequirement\n",
    figures([
      ["required", `${requirement.minimum_updates} updates within ${requirement.within_days} days`],
      ["actual", `${requirement.actual_updates ?? NO_DATA}`],
      ["result", RESULT[String(requirement.meets_requirement)]],
    ]),
  ].join("");
}

const RESULT: Readonly<Record<string, string>> = {
  true: "MET",
  false: "NOT MET: insufficient model updates",
  null: "CANNOT TELL: no data",
};

function lines(switches: readonly ReportedSwitch[]): string[] {
  const shown = switches.slice(0, MAX_SWITCHES).map(({ timestamp, from_version, to_version, recorded, scraped }) => {
    const by = recorded && scraped ? "record and Prometheus" : recorded ? "record" : "Prometheus, to one scrape";
    return `  ${timestamp}  ${from_version} → ${to_version}  (${by})\n`;
  });
  return switches.length > MAX_SWITCHES ? [...shown, `  and ${switches.length - MAX_SWITCHES} more\n`] : shown;
}
