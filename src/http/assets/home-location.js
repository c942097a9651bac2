// The address holds what is shown, so that a list can be linked to and "back" works:
// #/viewer/42, #/films/1,50, and ?model=v0.2 behind either.

export function hrefOf({ viewer, films = [], model }) {
  const query = model ? `?model=${encodeURIComponent(model)}` : "";
  if (viewer !== undefined) return `#/viewer/${encodeURIComponent(viewer)}${query}`;
  if (films.length > 0) return `#/films/${films.map(encodeURIComponent).join(",")}${query}`;
  return `#/${query}`;
}

/** What a hash shows; an address that cannot be read shows what is popular. */
export function viewOf(hash) {
  try {
    const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
    const model = new URLSearchParams(query).get("model") ?? "";
    const [kind, value = ""] = path.split("/");
    if (kind === "viewer" && value !== "") return { viewer: decodeURIComponent(value), model };
    const films = value.split(",").filter((id) => id !== "");
    if (kind === "films" && films.length > 0) return { films: films.map(decodeURIComponent), model };
    return { model };
  } catch {
    return { model: "" };
  }
}
