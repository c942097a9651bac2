import { idFault, isCanonicalInteger } from "../base/ids.ts";
import { MAX_COUNT } from "../base/limits.ts";
import type { InteractionSink } from "./source.ts";
import type { RowReader } from "./table.ts";

/** Where the fields stand in a row; null for what the source does not have. */
export interface InteractionColumns {
  readonly width: number;
  readonly user: number;
  readonly item: number;
  readonly rating: number | null;
  readonly timestamp: number | null;
  readonly sequence: number | null;
  readonly count: number | null;
}

/** What a format takes for a good field. */
export interface InteractionRules {
  readonly integerIds: boolean;
  readonly minRating: number;
  readonly maxRating: number;
  /** Milliseconds since 1970, or null when the text is no time. */
  parseTime(text: string): number | null;
  /** What a time looks like, for messages. */
  readonly timeForm: string;
}

/** Without a rating column every interaction has this value. */
const IMPLICIT_VALUE = 1;
const DECIMAL = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$/;
const DIGITS = /^[0-9]{1,15}$/;

/** A row of interactions as a row reader: what is good goes to `sink`. An empty time is good beside a sequence column. */
export function interactionRows(
  columns: InteractionColumns,
  rules: InteractionRules,
  sink: InteractionSink,
): RowReader {
  return {
    width: columns.width,
    read(fields) {
      const user = fields[columns.user];
      const item = fields[columns.item];
      const fault = badId("user id", user, rules) ?? badId("item id", item, rules);
      if (fault !== null) return fault;

      let value = IMPLICIT_VALUE;
      if (columns.rating !== null) {
        const text = fields[columns.rating];
        value = DECIMAL.test(text) ? Number(text) : Number.NaN;
        if (!(value >= rules.minRating && value <= rules.maxRating) || !Number.isFinite(Math.fround(value))) {
          return `rating ${JSON.stringify(text)} must be ${ratingForm(rules)}`;
        }
      }

      let sequence: number | null = null;
      if (columns.sequence !== null && fields[columns.sequence] !== "") {
        const text = fields[columns.sequence];
        if (!DIGITS.test(text)) return `sequence ${JSON.stringify(text)} must be a whole number from 0`;
        sequence = Number(text);
      }

      let time: number | null = null;
      if (columns.timestamp !== null) {
        const text = fields[columns.timestamp];
        if (text !== "" || columns.sequence === null) {
          time = rules.parseTime(text);
          if (time === null) return `timestamp ${JSON.stringify(text)} must be ${rules.timeForm}`;
        }
      }

      let count = 1;
      if (columns.count !== null) {
        const text = fields[columns.count];
        count = DIGITS.test(text) ? Number(text) : 0;
        if (count < 1 || count > MAX_COUNT) {
          return `count ${JSON.stringify(text)} must be a whole number from 1 to ${MAX_COUNT}`;
        }
      }

      sink.interaction({ user, item, value, time, sequence, count });
      return null;
    },
  };
}

/** What is wrong with an id of a source, or null. */
export function badId(name: string, id: string, rules: { readonly integerIds: boolean }): string | null {
  const fault = idFault(id) ?? (rules.integerIds && !isCanonicalInteger(id) ? "must be a whole number" : null);
  return fault === null ? null : `${name} ${JSON.stringify(id)} ${fault}`;
}

function ratingForm({ minRating, maxRating }: InteractionRules): string {
  return Number.isFinite(maxRating)
    ? `a number from ${minRating} to ${maxRating}`
    : `a number of at least ${minRating}`;
}
