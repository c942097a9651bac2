import type { Progress } from "../base/progress.ts";

/** One film as a source describes it. */
export interface SourceItem {
  readonly movie_id: string;
  readonly title: string | null;
  readonly year: number | null;
  readonly genres: readonly string[];
}

/** One interaction as a source states it. */
export interface SourceInteraction {
  readonly user: string;
  readonly item: string;
  /** Null where the source states none, as for a watch. */
  readonly value: number | null;
  /** Whole milliseconds since 1970, or null where the source does not know. */
  readonly time: number | null;
  /** Place in the user's history, or null where the source does not know. */
  readonly sequence: number | null;
  /** How many times it happened, at least 1. */
  readonly count: number;
}

/** A line that could not be read; `line` counts from 1, the header included. */
export interface RejectedLine {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
}

/** Where a source puts what it reads, in the order of the file. */
export interface InteractionSink {
  item(item: SourceItem): void;
  interaction(interaction: SourceInteraction): void;
  reject(line: RejectedLine): void;
}

/**
 * What became of the lines of one file: `lines = accepted + ignored + rejected`. Headers are not lines, blank lines
 * are ignored, and a good record whose quoted fields hold line breaks is one line.
 */
export interface LineCounts {
  readonly file: string;
  readonly lines: number;
  readonly accepted: number;
  readonly ignored: number;
  readonly rejected: number;
}

export interface SourceCounts {
  /** One a file. */
  readonly interactions: readonly LineCounts[];
  /** Null where the source has no file of items. */
  readonly items: LineCounts | null;
}

/** A set of interactions in some format, ready to be read once. */
export interface InteractionSource {
  /** Throws DataError when the data is empty, truncated or in another format. */
  read(sink: InteractionSink, progress: Progress): Promise<SourceCounts>;
}
