import { byId, element } from "./home-dom.js";
import { showReceipt } from "./home-receipt.js";
import { filmName, titleOf } from "./home-titles.js";
import { whyBlock } from "./home-why.js";

const SOURCES = {
  factors: "from what this viewer has watched",
  session: "from the films you chose",
  popular: "from what everybody watches",
};

/** Shows an answer: heading, who answered, the films and the receipt. */
export function showAnswer(view, answer, liked, selection) {
  byId("problem").replaceChildren();
  byId("list-heading").textContent = headingOf(view, answer, liked);
  document.title = `${byId("list-heading").textContent} · Reprise`;
  byId("by").replaceChildren(...byline(view, answer));
  const highest = Math.max(...answer.recommendations.map(({ score }) => score), 0);
  const films = answer.recommendations.map((film) => filmItem(film, highest, selection));
  byId("films").replaceChildren(...films);
  if (films.length === 0) byId("films").append(element("li", { class: "message" }, ["No film fits."]));
  byId("status").textContent = `${films.length} films. ${byId("list-heading").textContent}`;
  showReceipt(answer);
}

export function showNothing() {
  byId("list-heading").textContent = "No list";
  for (const id of ["by", "films", "receipt"]) byId(id).replaceChildren();
}

/** Says what went wrong, under which request id, and offers to try again. */
export function showProblem({ message, detail, requestId }, retry) {
  const button = element("button", { type: "button" }, ["Try again"]);
  button.addEventListener("click", retry);
  const id = requestId ? [element("p", { class: "help" }, [`Request ${requestId}`])] : [];
  byId("problem").replaceChildren(
    element("div", { class: "message" }, [element("strong", {}, [message]), element("p", {}, [detail]), ...id, button]),
  );
}

function headingOf({ viewer, films = [] }, { source }, liked) {
  if (viewer !== undefined)
    return source === "popular" ? `Popular films, as viewer ${viewer} is unknown` : `For viewer ${viewer}`;
  if (films.length === 1) return `Like ${filmName(liked[0])}`;
  return films.length > 1 ? "Because you like these" : "Popular films";
}

function byline({ films = [] }, { provenance, source }) {
  const how = films.length === 1 ? "by nearness in taste" : (SOURCES[source] ?? source);
  const took = provenance.latency_ms === null ? "" : ` · ${provenance.latency_ms} ms`;
  return [
    element("span", { class: "badge" }, [`${provenance.model_name} ${provenance.model_version}`]),
    element("span", { class: "badge quiet", "data-source": source }, [source]),
    ` ${how}${took}`,
  ];
}

function filmItem(film, highest, { isLiked, toggle }) {
  const id = String(film.movie_id);
  const title = titleOf(film);
  const tile = element("span", { class: "tile", "aria-hidden": "true" }, [initial(title)]);
  tile.style.setProperty("--hue", String(hueOf(film.genres[0] ?? "")));

  const like = element(
    "button",
    { type: "button", class: "like", "aria-pressed": String(isLiked(id)), "aria-label": `Like ${filmName(film)}` },
    [isLiked(id) ? "♥" : "♡"],
  );
  like.addEventListener("click", () => toggle(film));

  return element("li", { class: "film" }, [
    tile,
    element("div", { class: "about" }, [
      element("h2", {}, [
        element("span", { class: "title" }, [title]),
        ...(film.year === null ? [] : [" ", element("span", { class: "year" }, [String(film.year)])]),
      ]),
      element("p", { class: "genres" }, [film.genres.join(" · ")]),
      ...whyBlock(film),
    ]),
    element("div", { class: "side" }, [like, scoreBlock(film.score, highest)]),
  ]);
}

function scoreBlock(score, highest) {
  const fill = element("span", { class: "fill" });
  fill.style.inlineSize = `${highest > 0 ? Math.max(0, (100 * score) / highest) : 0}%`;
  return element("div", { class: "score", title: `score ${score}` }, [
    element("span", { class: "visually-hidden" }, ["Score "]),
    shortNumber(score),
    element("span", { class: "bar", "aria-hidden": "true" }, [fill]),
  ]);
}

function shortNumber(value) {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(3);
}

function initial(title) {
  return [...title.replace(/^(the|an?) /i, "")][0] ?? "";
}

/** The same colour for the same genre. */
function hueOf(genre) {
  let hash = 7;
  for (const character of genre) hash = (hash * 31 + character.codePointAt(0)) % 360;
  return hash;
}
