import type { Hyperparameters } from "../artifact/manifest.ts";
import { DataError, InputError } from "../base/errors.ts";
import type { Ground, Outcome, TrialJournal } from "../evaluation/tune.ts";
import type { Journal } from "./journal.ts";

const FORMAT = "reprise-tune-1";

/** What every find of a search depends on, besides its hyperparameters; and what decides which are tried. */
export type SearchIdentity = Readonly<Record<string, unknown>>;

type Entry =
  | { readonly kind: "ground"; readonly ground: Ground }
  | { readonly kind: "outcome"; readonly outcome: Outcome };

/** A journal that forgets. */
export function memoryState(): TrialJournal {
  return state([], async () => {});
}

/**
 * Goes on with a state file: a first line that says which search it is of, then a line for each find.
 * @throws InputError when the file is of another search, or of something else
 */
export function resumeState(path: string, journal: Journal, identity: SearchIdentity): TrialJournal {
  const header = JSON.stringify({ format: FORMAT, ...identity });
  const [first, ...rest] = journal.lines;
  if (first === undefined) {
    if (!header.startsWith(journal.rest)) refuse(path, "is not a state file of tune");
  } else if (first !== header) {
    refuse(path, differences(first, identity));
  }
  const entries = rest.map((line, place) => entryOf(path, line, place + 2));
  let isStarted = first !== undefined;
  return state(entries, async (entry) => {
    if (!isStarted) await journal.append(header);
    isStarted = true;
    await journal.append(JSON.stringify(entry));
  });
}

function state(entries: readonly Entry[], keep: (entry: Entry) => Promise<void>): TrialJournal {
  let ground: Ground | null = null;
  const outcomes = new Map<string, Outcome>();
  const take = (entry: Entry) => {
    if (entry.kind === "ground") ground = entry.ground;
    else outcomes.set(keyOf(entry.outcome.hyperparameters), entry.outcome);
  };
  for (const entry of entries) take(entry);
  const add = async (entry: Entry) => {
    await keep(entry);
    take(entry);
  };
  return {
    ground: () => ground,
    outcome: (hyperparameters) => outcomes.get(keyOf(hyperparameters)) ?? null,
    addGround: (found) => add({ kind: "ground", ground: found }),
    addOutcome: (found) => add({ kind: "outcome", outcome: found }),
  };
}

function keyOf(hyperparameters: Hyperparameters): string {
  return JSON.stringify(Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function entryOf(path: string, line: string, number: number): Entry {
  const entry = parsed(line) as Partial<Record<string, unknown>> | null;
  if (entry?.kind === "ground" && entry.ground) return entry as Entry;
  if (entry?.kind === "outcome" && (entry.outcome as Outcome | undefined)?.hyperparameters) return entry as Entry;
  throw new DataError(path, `line ${number} is not what tune writes; without it and what follows the search goes on`);
}

/** In words, by what the search of a file's first line differs from ours. */
function differences(first: string, identity: SearchIdentity): string {
  const found = parsed(first) as SearchIdentity | null;
  if (found?.format !== FORMAT) return "is not a state file of tune";
  const differing = Object.keys({ ...identity, ...found })
    .filter((name) => name !== "format" && JSON.stringify(found[name]) !== JSON.stringify(identity[name]))
    .map((name) => `${name} ${JSON.stringify(found[name])}, not ${JSON.stringify(identity[name])}`);
  return `is of another search: ${differing.join("; ")}`;
}

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function refuse(path: string, message: string): never {
  throw InputError.of("--state", path, `${path} ${message}`);
}
