/** Something that both an answer and what it is compared with have: JSON. */
type Json = unknown;

/**
 * Where `answer` and `other` part first, in words, or null where they say the same. Members are visited in the order
 * in which `other` has them, and then those that only `answer` has; float32 scores are shown with their bits.
 * @param name what the other one is
 *
 * ```ts
 * firstDifference({ items: [1, 2] }, { items: [1, 3] }) === "items[1]: 2 in the answer, 3 in the replay"
 * ```
 */
export function firstDifference(answer: Json, other: Json, name = "the replay", path = ""): string | null {
  // Equal numbers are the same bits, but for the sign of a zero, which JSON does not carry.
  if (answer === other) return null;
  if (!isContainer(answer) || !isContainer(other) || Array.isArray(answer) !== Array.isArray(other)) {
    return `${path}: ${shown(answer, path)} in the answer, ${shown(other, path)} in ${name}`;
  }
  for (const key of new Set([...Object.keys(other), ...Object.keys(answer)])) {
    const step = Array.isArray(other) ? `${path}[${key}]` : `${path}${path && "."}${key}`;
    const difference = firstDifference(memberOf(answer, key), memberOf(other, key), name, step);
    if (difference !== null) return difference;
  }
  return null;
}

function isContainer(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null;
}

function memberOf(container: Readonly<Record<string, Json>>, key: string): Json {
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

const MAX_SHOWN = 100;

function shown(value: Json, path: string): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number" && path.endsWith("score")) return `${value} (${float32Bits(value)})`;
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** The bits of a score as hex, or what else stands there: an altered score need not be a float32. */
function float32Bits(value: number): string {
  if (Math.fround(value) !== value) return "no float32";
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return `bits 0x${view.getUint32(0).toString(16).padStart(8, "0")}`;
}
