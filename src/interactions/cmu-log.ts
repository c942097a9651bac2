import { DataError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import { movieDetailRows } from "./cmu-movies.ts";
import { findFirstName, findNamesEnding, type InputFile, type InputLocation } from "./files.ts";
import { badId } from "./interaction-rows.ts";
import { LineTally } from "./line-tally.ts";
import type { InteractionSink, InteractionSource, LineCounts } from "./source.ts";
import { readingStage, readTable } from "./table.ts";
import { readLines } from "./text-lines.ts";
import { parseTimestamp } from "./timestamps.ts";

const DETAILS_FILE = "movie_details.csv";

const EVENT = /^([^,]*),([^,]*),GET \/(?:rate\/(.*)=([^=]*)|data\/m\/([^/]*)\/([^/]*)\.mpg)$/;
const RECOMMENDATION_REQUEST = /^[^,]*,[^,]*,\s*recommendation request /;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?$/;
const RATING = /^[1-5]$/;
const MINUTE = /^[0-9]{1,4}$/;
const NOT_IN_MOVIE_ID = /[\s/]/;

/**
 * Logs of the movie-streaming service of CMU's course 17-645: `<time>,<user>,GET /rate/<movie>=<rating>` and
 * `<time>,<user>,GET /data/m/<movie>/<minute>.mpg`, all files `*.log` of a folder, packed or not. A watched minute
 * states no value and counts one; times are UTC, and digits beyond milliseconds are cut off. Lines that tell of a
 * recommendation request are ignored. `movie_details.csv` beside the logs is the catalogue.
 * Throws DataError when a folder has no log.
 */
export function cmuLogSource(location: InputLocation): InteractionSource {
  const names = location.file === null ? findNamesEnding(location, ".log") : [location.file];
  if (names.length === 0) throw new DataError(location.path, "has no *.log (also with .gz)");
  const detailsName = findFirstName(location, [DETAILS_FILE]);
  return {
    async read(sink, progress) {
      const details = detailsName === null ? null : await readDetails(await location.open(detailsName), sink, progress);
      const interactions: LineCounts[] = [];
      for (const name of names) interactions.push(await readLog(await location.open(name), sink, progress));
      return { interactions, items: details };
    },
  };
}

function readDetails(file: InputFile, sink: InteractionSink, progress: Progress): Promise<LineCounts> {
  const open = (header: readonly string[]) => movieDetailRows(file.path, header, sink);
  return readTable({ file, format: "csv", encoding: "utf-8" }, open, sink.reject.bind(sink), progress);
}

async function readLog(file: InputFile, sink: InteractionSink, progress: Progress): Promise<LineCounts> {
  const tally = new LineTally(file.path, sink.reject.bind(sink));
  const chunks = file.read((done) => progress(readingStage(file.path), done, file.bytes));
  await readLines(file.path, chunks, "utf-8", (text, line, encodingFault) => {
    if (isNoCmuEvent(text)) {
      tally.ignore();
      return;
    }
    const fault = encodingFault ?? takeEvent(text, sink);
    if (fault === null) tally.accept();
    else tally.bad(fault, line, text);
  });
  const counts = tally.counts();
  if (counts.lines === 0) throw new DataError(file.path, "holds no lines");
  return counts;
}

function takeEvent(text: string, sink: InteractionSink): string | null {
  const event = parseCmuEvent(text);
  if (typeof event === "string") return event;
  const { user, item, rating, time } = event;
  sink.interaction({ user, item, value: rating, time, sequence: null, count: 1 });
  return null;
}

/** Whether a line is one that tells of no event, as it should: it is empty, or about a recommendation request. */
export function isNoCmuEvent(text: string): boolean {
  return text.trim() === "" || RECOMMENDATION_REQUEST.test(text);
}

/** One line of such a log: a rating, or a watched minute. */
export interface CmuEvent {
  readonly user: string;
  readonly item: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Null for a watched minute, */
  readonly rating: number | null;
  /** and null for a rating. */
  readonly minute: number | null;
}

/** @returns what the line tells, or what is wrong with it */
export function parseCmuEvent(text: string): CmuEvent | string {
  const event = EVENT.exec(text);
  if (event === null) return "is neither a rating nor a watched minute";
  const [, timeText, user, ratedItem, rating, watchedItem, minute] = event;
  const time = TIME.test(timeText) ? parseTimestamp(timeText) : null;
  if (time === null) return `time ${JSON.stringify(timeText)} must be a date and time with seconds`;
  const item = ratedItem ?? watchedItem;
  const fault = badId("user id", user, { integerIds: true }) ?? badMovieId(item);
  if (fault !== null) return fault;
  if (rating !== undefined && !RATING.test(rating)) {
    return `rating ${JSON.stringify(rating)} must be a whole number from 1 to 5`;
  }
  if (minute !== undefined && !MINUTE.test(minute)) return `minute ${JSON.stringify(minute)} must be a whole number`;
  return {
    user,
    item,
    time,
    rating: rating === undefined ? null : Number(rating),
    minute: minute === undefined ? null : Number(minute),
  };
}

function badMovieId(id: string): string | null {
  if (NOT_IN_MOVIE_ID.test(id)) return `movie id ${JSON.stringify(id)} must not hold spaces or slashes`;
  return badId("movie id", id, { integerIds: false });
}
