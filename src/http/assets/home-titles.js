/** A film's title without the year that some catalogues write behind it. */
export function titleOf({ title, year, movie_id }) {
  if (!title) return `Film ${movie_id}`;
  const suffix = ` (${year})`;
  return year !== null && year !== undefined && title.endsWith(suffix) ? title.slice(0, -suffix.length) : title;
}

/** Title and year in one line, the year once. */
export function filmName(movie) {
  return movie.year === null || movie.year === undefined ? titleOf(movie) : `${titleOf(movie)} (${movie.year})`;
}
