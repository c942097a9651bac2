import { DataError, InputError } from "../base/errors.ts";
import { idFault } from "../base/ids.ts";
import type { Progress } from "../base/progress.ts";
import type { SampledUser } from "../evaluation/sampled.ts";
import { type Attribute, MAX_SEGMENTS } from "../evaluation/segments.ts";
import type { TestUser } from "../evaluation/test-users.ts";
import type { InputFile, InteractionFiles } from "../interactions/files.ts";
import { splitCsvRecord } from "../interactions/records.ts";
import { readLines } from "../interactions/text-lines.ts";

/** A user and an item, as `(7,42)`. */
const PAIR = /^\(([^,]*),(.*)\)$/;

/** Reads the files that an evaluation is told; nothing in them is skipped silently, a bad line is a DataError. */
export interface TestFiles {
  readonly files: InteractionFiles;
  readonly progress: Progress;
}

/**
 * The items that users took, users in the order in which the file first names them. Either lines of user, item and
 * whatever follows, separated by tabs, as in `ml-1m.test.rating`; or CSV with a header with the columns user and item.
 */
export async function readTestUsers(path: string, tools: TestFiles): Promise<TestUser[]> {
  const tested = new Map<string, string[]>();
  const add = (user: string, item: string): string | null => {
    const fault = pairFault(user, item);
    if (fault) return fault;
    const items = tested.get(user);
    if (items) items.push(item);
    else tested.set(user, [item]);
    return null;
  };
  let columns: { readonly user: number; readonly item: number } | null = null;
  await eachLine(path, tools, (text, file) => {
    if (columns) {
      const fields = splitCsvRecord(text)?.map((field) => field.trim());
      return fields ? add(fields[columns.user] ?? "", fields[columns.item] ?? "") : "quotes are misplaced";
    }
    if (text.includes("\t")) {
      const [user, item] = text.split("\t", 2).map((field) => field.trim());
      return add(user, item);
    }
    columns = { user: columnOf(text, "user", file), item: columnOf(text, "item", file) };
    return null;
  });
  if (tested.size === 0) throw new DataError(path, "holds no interactions");
  return Array.from(tested, ([user, items]) => ({ user, given: [], tested: items }));
}

/**
 * Each user's one tested item and the negatives that it is to be told from, which are lines of `(user,item)` and then
 * the negatives, separated by tabs, as in `ml-1m.test.negative`.
 */
export async function readSampledUsers(
  testPath: string,
  negativesPath: string,
  tools: TestFiles,
): Promise<SampledUser[]> {
  const negatives = new Map<string, { readonly tested: string; readonly negatives: readonly string[] }>();
  await eachLine(negativesPath, tools, (text) => {
    const [pair, ...others] = text.split("\t").map((field) => field.trim());
    const [, user, tested] = PAIR.exec(pair) ?? [];
    if (user === undefined || others.length === 0) return "must be (user,item) and negatives, separated by tabs";
    if (negatives.has(user)) return `names the user ${user} again`;
    const bad = others.find((id) => idFault(id) !== null);
    if (bad !== undefined) return `the id ${JSON.stringify(bad)} ${idFault(bad)}`;
    negatives.set(user, { tested, negatives: others });
    return pairFault(user, tested);
  });
  const users = await readTestUsers(testPath, tools);
  return users.map(({ user, tested: [item, ...more] }) => {
    if (more.length > 0) throw new DataError(testPath, `names ${more.length + 1} items of the user ${user}, not one`);
    const entry = negatives.get(user);
    if (!entry) throw new DataError(negativesPath, `does not name the user ${user}`);
    if (entry.tested !== item) {
      throw new DataError(negativesPath, `names the item ${entry.tested} of the user ${user}, and ${testPath} ${item}`);
    }
    return { user, tested: item, negatives: entry.negatives };
  });
}

/** Attributes of users, and the names of those with too many values to make segments of. */
export interface UserAttributes {
  readonly attributes: readonly Attribute[];
  readonly leftOut: readonly string[];
}

/** A CSV file with a header: the column user, and any others, which are attributes. An empty cell is no value. */
export async function readUserAttributes(path: string, tools: TestFiles): Promise<UserAttributes> {
  let user = -1;
  let columns: { readonly name: string; readonly values: Map<string, string> }[] = [];
  await eachLine(path, tools, (text, file) => {
    const fields = splitCsvRecord(text)?.map((field) => field.trim());
    if (!fields) return "quotes are misplaced";
    if (user < 0) {
      user = columnOf(text, "user", file);
      columns = fields.map((name) => ({ name, values: new Map() }));
      return null;
    }
    if (fields.length !== columns.length) return `has ${fields.length} columns instead of ${columns.length}`;
    fields.forEach((value, place) => {
      if (place !== user && value !== "") columns[place].values.set(fields[user], value);
    });
    return idFault(fields[user]);
  });
  const attributes = columns.filter((_, place) => place !== user);
  if (attributes.length === 0) throw InputError.of("--users", path, `${path} has no column beside user`);
  const isSmall = ({ values }: Attribute) => new Set(values.values()).size <= MAX_SEGMENTS;
  return {
    attributes: attributes.filter(isSmall),
    leftOut: attributes.filter((attribute) => !isSmall(attribute)).map(({ name }) => name),
  };
}

/** Hands on each line that is not blank. @throws DataError with what `take` finds wrong with one. */
async function eachLine(
  path: string,
  { files, progress }: TestFiles,
  take: (text: string, file: InputFile) => string | null,
): Promise<void> {
  const location = await files.locate(path);
  if (location.file === null) throw InputError.of("FILE", path, `${path} is not a file`);
  const file = await location.open(location.file);
  const chunks = file.read((done) => progress(`reading ${location.name}`, done, file.bytes));
  await readLines(file.path, chunks, "utf-8", (text, line, unreadable) => {
    const fault = unreadable ?? (text.trim() === "" ? null : take(text, file));
    if (fault !== null) throw new DataError(file.path, `line ${line}: ${fault}`);
  });
}

function columnOf(header: string, name: string, { path }: InputFile): number {
  const names = splitCsvRecord(header)?.map((field) => field.trim()) ?? [];
  const place = names.indexOf(name);
  if (place < 0)
    throw new DataError(path, `its header has no column ${JSON.stringify(name)}, only ${names.join(", ")}`);
  return place;
}

function pairFault(user: string, item: string): string | null {
  for (const [side, id] of [
    ["user", user],
    ["item", item],
  ]) {
    const fault = idFault(id);
    if (fault) return `${side} id ${JSON.stringify(id)} ${fault}`;
  }
  return null;
}
