import { getMovie, listFor, listModels, ServiceProblem } from "./home-api.js";
import { byId, element } from "./home-dom.js";
import { hrefOf, viewOf } from "./home-location.js";
import { showAnswer, showNothing, showProblem } from "./home-results.js";
import { startSearch } from "./home-search.js";
import { filmName } from "./home-titles.js";

const EXAMPLE_VIEWERS = ["1", "7", "42", "123"];
/** Until the models are known, viewers up to here are guessed at random. */
const FEWEST_VIEWERS = 100;

const movies = new Map();
let viewers = FEWEST_VIEWERS;
let pending = new AbortController();

const go = (view) => {
  location.hash = hrefOf(view);
};
/** On a narrow screen the list lies below what was clicked. */
const goToList = (view) => {
  go(view);
  if (byId("list").offsetTop > window.innerHeight / 2) byId("list").scrollIntoView();
};
const current = () => viewOf(location.hash);
const likedIds = () => current().films ?? [];

/** Puts a film among those liked, or takes it out. */
function toggle(movie) {
  const id = String(movie.movie_id);
  movies.set(id, movie);
  const liked = likedIds();
  go({ films: liked.includes(id) ? liked.filter((other) => other !== id) : [...liked, id], model: current().model });
}

async function knownMovie(id, signal) {
  if (!movies.has(id)) movies.set(id, await getMovie(id, signal));
  return movies.get(id);
}

/** Brings the page to what the address says. */
async function show() {
  pending.abort();
  pending = new AbortController();
  const { signal } = pending;
  const view = current();
  byId("viewer").value = view.viewer ?? "";
  showChosenModel(view.model);
  const choseInList = byId("films").contains(document.activeElement);
  byId("list").setAttribute("aria-busy", "true");
  try {
    const [answer, ...liked] = await Promise.all([
      listFor(view, signal),
      ...(view.films ?? []).map((id) => knownMovie(id, signal)),
    ]);
    for (const movie of answer.recommendations) movies.set(String(movie.movie_id), movie);
    showLiked(liked);
    search.mark(likedIds());
    showAnswer(view, answer, liked, { isLiked: (id) => likedIds().includes(id), toggle });
    if (choseInList) byId("list").focus();
  } catch (error) {
    if (signal.aborted) return;
    showNothing();
    showProblem(error instanceof ServiceProblem ? error : new ServiceProblem("This page failed", String(error)), show);
  }
  byId("list").setAttribute("aria-busy", "false");
}

function showLiked(liked) {
  byId("liked-block").hidden = liked.length === 0;
  byId("liked").replaceChildren(
    ...liked.map((movie) => {
      const name = filmName(movie);
      const remove = element("button", { type: "button", class: "chip on", "aria-label": `Remove ${name}` }, [
        element("span", {}, [name]),
        element("span", { class: "cross", "aria-hidden": "true" }, ["×"]),
      ]);
      remove.addEventListener("click", () => {
        toggle(movie);
        byId("query").focus();
      });
      return element("li", {}, [remove]);
    }),
  );
}

function showExamples() {
  const chip = (label, viewer) => {
    const button = element("button", { type: "button", class: "chip" }, [label]);
    button.addEventListener("click", () => goToList({ viewer: viewer(), model: current().model }));
    return element("li", {}, [button]);
  };
  byId("examples").replaceChildren(
    ...EXAMPLE_VIEWERS.map((id) => chip(id, () => id)),
    chip("Random", () => String(1 + Math.floor(Math.random() * viewers))),
  );
}

/** The versions to choose from, and how many viewers there are; the page does without where this fails. */
async function showModels() {
  const models = await listModels();
  viewers = Math.max(FEWEST_VIEWERS, ...models.map(({ users }) => users).filter(Number.isInteger));
  for (const { version } of models) offerModel(version);
  showChosenModel(current().model);
}

function offerModel(version) {
  const offered = [...byId("model").options].some(({ value }) => value === version);
  if (!offered) byId("model").append(element("option", { value: version }, [`model ${version}`]));
}

/** An address may name a version that does not exist: then the answer says so. */
function showChosenModel(version) {
  if (version) offerModel(version);
  byId("model").value = version;
}

const search = startSearch(toggle);
byId("clear").addEventListener("click", () => {
  go({ model: current().model });
  byId("query").focus();
});
byId("viewer-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const viewer = byId("viewer").value.trim();
  if (viewer !== "") goToList({ viewer, model: current().model });
});
byId("model").addEventListener("change", () => go({ ...current(), model: byId("model").value }));
for (const id of ["skip", "see"])
  byId(id).addEventListener("click", (event) => {
    event.preventDefault();
    byId("list").focus();
    byId("list").scrollIntoView();
  });
window.addEventListener("hashchange", show);
showExamples();
showModels().catch(() => {});
show();
