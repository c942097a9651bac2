import { IntegrityError } from "../base/errors.ts";
import { release } from "../base/release.ts";
import type { History, HistoryTable } from "../history/history.ts";
import type { TrainingHistories } from "./artifact.ts";
import { decodeSafetensors, encodeSafetensors, sliceTensors, tensorOf } from "./safetensors.ts";

const FORMAT = "reprise-history-1";
/** How an unknown time stands in the int64 column. */
const UNKNOWN_TIME = -(2n ** 63n);

/** Encodes `history.safetensors`. */
export function encodeHistoryFile({ table, weightRule, referenceTime, eventSequence }: TrainingHistories): Uint8Array {
  const length = table.item.length;
  const time = encodeTimes(table.time);
  const { later } = table;
  const file = encodeSafetensors({
    tensors: new Map([
      ["count", { shape: [length], data: table.count }],
      ["indptr", { shape: [table.indptr.length], data: table.indptr }],
      ["item", { shape: [length], data: table.item }],
      ...(later ? ([["later", { shape: [length], data: later }]] as const) : []),
      ["time", { shape: [length], data: time }],
      ["value", { shape: [length], data: table.value }],
    ]),
    metadata: {
      format: FORMAT,
      weight_rule: weightRule,
      reference_time: referenceTime === null ? "unknown" : String(referenceTime),
      event_sequence: String(eventSequence),
    },
  });
  release(time);
  return file;
}

/** @throws IntegrityError when the file does not hold the histories of so many users over so many items. */
export function decodeHistoryFile(bytes: Uint8Array, subject: string, users: number, items: number): TrainingHistories {
  const file = decodeSafetensors(bytes, subject);
  const { format, weight_rule: weightRule, reference_time: reference, event_sequence: sequence } = file.metadata;
  if (format !== FORMAT) throw new IntegrityError(subject, `is not of the format ${FORMAT}`);
  if (!weightRule || !isWhole(sequence) || !(reference === "unknown" || isWhole(reference))) {
    throw new IntegrityError(subject, "its weight rule, reference time or event sequence is missing or malformed");
  }
  const length = file.tensors.get("item")?.shape[0] ?? 0;
  const table: HistoryTable = {
    indptr: tensorOf(file, "indptr", Int32Array, [users + 1], subject),
    item: tensorOf(file, "item", Int32Array, [length], subject),
    value: tensorOf(file, "value", Float32Array, [length], subject),
    count: tensorOf(file, "count", Int32Array, [length], subject),
    time: decodeTimes(tensorOf(file, "time", BigInt64Array, [length], subject)),
    later: file.tensors.has("later") ? tensorOf(file, "later", Int32Array, [length], subject) : null,
  };
  const fault = tableFault(table, items) ?? orderFault(table);
  if (fault) throw new IntegrityError(subject, fault);
  return {
    table,
    weightRule,
    referenceTime: reference === "unknown" ? null : Number(reference),
    eventSequence: Number(sequence),
  };
}

/**
 * One user's history, of a file whose digest was compared.
 * @throws IntegrityError when the file holds no such row.
 */
export function decodeHistoryRow(bytes: Uint8Array, subject: string, userRow: number): History {
  const pointers = sliceTensors(bytes, ["indptr"], userRow, userRow + 2, subject).get("indptr");
  const [from, to] = pointers instanceof Int32Array ? pointers : [];
  if (from === undefined || to === undefined) throw new IntegrityError(subject, `it has no user row ${userRow}`);
  const columns = sliceTensors(bytes, ["item", "value", "count", "time", "later"], from, to, subject);
  const column = <Data>(name: string, type: new (length: number) => Data): Data => {
    const data = columns.get(name);
    if (!(data instanceof type)) throw new IntegrityError(subject, `tensor ${name} is missing, or of another type`);
    return data;
  };
  return {
    item: column("item", Int32Array),
    value: column("value", Float32Array),
    count: column("count", Int32Array),
    time: decodeTimes(column("time", BigInt64Array)),
    later: columns.has("later") ? column("later", Int32Array) : null,
  };
}

// Loops, because `from` with a mapping holds all of its results as objects first.

function encodeTimes(times: Float64Array): BigInt64Array {
  const encoded = new BigInt64Array(times.length);
  for (let at = 0; at < times.length; at++) {
    const time = times[at] as number;
    encoded[at] = Number.isNaN(time) ? UNKNOWN_TIME : BigInt(time);
  }
  return encoded;
}

function decodeTimes(times: BigInt64Array): Float64Array {
  const decoded = new Float64Array(times.length);
  for (let at = 0; at < times.length; at++) {
    const time = times[at] as bigint;
    decoded[at] = time === UNKNOWN_TIME ? Number.NaN : Number(time);
  }
  release(times);
  return decoded;
}

function isWhole(text: string | undefined): text is string {
  return text !== undefined && /^-?[0-9]{1,16}$/.test(text);
}

function tableFault({ indptr, item }: HistoryTable, items: number): string | null {
  if (indptr[0] !== 0 || indptr[indptr.length - 1] !== item.length) return "its row pointers do not span its items";
  for (let row = 0; row + 1 < indptr.length; row++) {
    const from = indptr[row] as number;
    const to = indptr[row + 1] as number;
    if (to < from || to > item.length) return `the row pointers do not ascend at user row ${row}`;
    for (let at = from; at < to; at++) {
      const current = item[at] as number;
      if (current < 0 || current >= items) return `user row ${row} names item row ${current} of ${items}`;
      if (at > from && current <= (item[at - 1] as number)) return `the items of user row ${row} do not ascend`;
    }
  }
  return null;
}

/** Of a user with n interactions, the numbers of later ones are 0 .. n-1, each once. */
function orderFault({ indptr, later }: HistoryTable): string | null {
  if (!later) return null;
  const takenBy = new Int32Array(later.length).fill(-1);
  for (let row = 0; row + 1 < indptr.length; row++) {
    const from = indptr[row] as number;
    const to = indptr[row + 1] as number;
    for (let at = from; at < to; at++) {
      const place = later[at] as number;
      if (place < 0 || place >= to - from || takenBy[place] === row) {
        return `user row ${row} has a wrong number of later interactions, ${place}`;
      }
      takenBy[place] = row;
    }
  }
  return null;
}
