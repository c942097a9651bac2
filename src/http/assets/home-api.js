/** What to tell a person when the service does not answer as hoped. */
export class ServiceProblem extends Error {
  constructor(title, detail, requestId) {
    super(title);
    this.detail = detail;
    this.requestId = requestId;
  }
}

async function request(path, init) {
  let response;
  try {
    response = await fetch(path, { ...init, headers: { Accept: "application/json", ...init?.headers } });
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new ServiceProblem("The service does not answer", "Is it running, and is this machine online?");
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new ServiceProblem(body.title ?? `Status ${response.status}`, body.detail ?? "", body.request_id);
}

const segment = (id) => encodeURIComponent(id);
const query = (parameters) => {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
};

/** The list of a view: a viewer's, one film's neighbours, what goes with several films, or what is popular. */
export function listFor({ viewer, films = [], model }, signal) {
  if (viewer !== undefined)
    return request(`recommend/${segment(viewer)}${query({ explain: true, model })}`, { signal });
  if (films.length === 0) return request(`popular${query({ model })}`, { signal });
  if (films.length === 1) return request(`similar/${segment(films[0])}${query({ model })}`, { signal });
  const items = films.map((movie_id) => ({ movie_id }));
  return request("recommend", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ items, explain: true, ...(model && { model }) }),
    signal,
  });
}

export async function searchMovies(words, limit, signal) {
  return (await request(`movies${query({ q: words, limit })}`, { signal })).movies;
}

export function getMovie(id, signal) {
  return request(`movies/${segment(id)}`, { signal });
}

export async function listModels() {
  return (await request("models")).models;
}
