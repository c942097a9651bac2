import { searchMovies } from "./home-api.js";
import { byId, element } from "./home-dom.js";
import { titleOf } from "./home-titles.js";

const SHOWN_RESULTS = 8;
const TYPING_PAUSE_MS = 150;

/** Searches as one types; `toggle` is called with the film that was chosen. */
export function startSearch(toggle) {
  const input = byId("query");
  let marked = [];
  let found = [];
  let pending = new AbortController();
  let timer;

  const show = () => {
    byId("found").replaceChildren(...found.map((movie) => result(movie, marked, toggle)));
  };

  const search = async () => {
    pending.abort();
    pending = new AbortController();
    const { signal } = pending;
    const words = input.value.trim();
    try {
      found = words === "" ? [] : await searchMovies(words, SHOWN_RESULTS, signal);
      byId("search-note").textContent =
        words !== "" && found.length === 0 ? `No film has “${words}” in its title.` : "";
    } catch (error) {
      if (signal.aborted) return;
      found = [];
      byId("search-note").textContent = error.detail || error.message;
    }
    show();
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, TYPING_PAUSE_MS);
  });
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });

  return {
    /** Shows which films are among those liked. */
    mark(ids) {
      marked = ids;
      for (const button of byId("found").querySelectorAll("button"))
        button.setAttribute("aria-pressed", String(ids.includes(button.dataset.id)));
    },
  };
}

function result(movie, marked, toggle) {
  const id = String(movie.movie_id);
  const pressed = String(marked.includes(id));
  const button = element("button", { type: "button", "aria-pressed": pressed, "data-id": id }, [
    element("span", { class: "name" }, [titleOf(movie)]),
    element("span", { class: "year" }, [movie.year === null ? "" : String(movie.year)]),
  ]);
  button.addEventListener("click", () => toggle(movie));
  return element("li", {}, [button]);
}
