import { element } from "./home-dom.js";
import { titleOf } from "./home-titles.js";

const SHOWN_REASONS = 6;

/** Why a film is in the list: what carried its score, as bars. Nothing where the answer explains nothing. */
export function whyBlock({ because = [], because_rest = { count: 0, contribution: 0 } }) {
  if (because.length === 0) return [];
  const shown = because.slice(0, SHOWN_REASONS);
  const rest = because.slice(SHOWN_REASONS);
  const widest = Math.max(...because.map(({ contribution }) => Math.abs(contribution)));
  const rows = shown.map((reason) => row(titleOf(reason), reason.contribution, barOf(reason.contribution, widest)));
  const others = rest.length + because_rest.count;
  if (others > 0) {
    const sum = rest.reduce((total, { contribution }) => total + contribution, because_rest.contribution);
    rows.push(row(others === 1 ? "1 other film" : `${others} other films`, sum));
  }
  return [
    element("details", { class: "why" }, [
      element("summary", {}, ["Because of ", element("span", { class: "reason" }, [titleOf(because[0])])]),
      element("ul", { "aria-label": "What carried the score" }, rows),
    ]),
  ];
}

function barOf(contribution, widest) {
  const fill = element("span", { class: contribution < 0 ? "fill against" : "fill" });
  fill.style.inlineSize = `${widest > 0 ? Math.min(100, (100 * Math.abs(contribution)) / widest) : 0}%`;
  return element("span", { class: "bar", "aria-hidden": "true" }, [fill]);
}

function row(label, contribution, bar = element("span")) {
  const sign = contribution < 0 ? "−" : "+";
  return element("li", {}, [
    element("span", { class: "label" }, [label]),
    bar,
    element("span", { class: "amount" }, [`${sign}${Math.abs(contribution).toFixed(3)}`]),
  ]);
}
