import type { Hyperparameters } from "../../artifact/manifest.ts";
import type { JsonId } from "../../base/ids.ts";
import type { AnswerChanges } from "../../evaluation/answer-changes.ts";

export interface NamedItem {
  readonly movie_id: JsonId;
  readonly title: string | null;
}

interface ComparedVersion {
  readonly version: string;
  readonly artifact_digest: string;
  readonly data_snapshot_id: string;
  readonly created_at: string;
}

interface ItemsOfOne {
  readonly items: number;
  /** The first of them, in id order. */
  readonly named: readonly NamedItem[];
}

/** What `models diff` finds: its JSON output. */
export interface ModelsDiff extends Pick<AnswerChanges, "overlap" | "kendall_tau" | "changed"> {
  readonly a: ComparedVersion;
  readonly b: ComparedVersion;
  readonly k: number;
  readonly seed: number;
  readonly users: {
    readonly compared: number;
    readonly in_both: number;
    readonly only_a: number;
    readonly only_b: number;
  };
  /** Items that came into lists, and that left them, most often first. */
  readonly gained: readonly (NamedItem & { readonly users: number })[];
  readonly lost: readonly (NamedItem & { readonly users: number })[];
  readonly catalogue: { readonly in_both: number; readonly only_a: ItemsOfOne; readonly only_b: ItemsOfOne };
  /** Those that differ. */
  readonly hyperparameters: Readonly<
    Partial<Record<keyof Hyperparameters, { readonly a: string | number | null; readonly b: string | number | null }>>
  >;
}

/** The differences as text, for a terminal. */
export function modelsDiffText(found: ModelsDiff): string {
  const { a, b, k, users, catalogue, hyperparameters } = found;
  const versions = [a.version, b.version] as const;
  const sameData = a.data_snapshot_id === b.data_snapshot_id;
  const both = Object.entries(hyperparameters).map(([name, value]) => `  ${name}: ${value?.a} → ${value?.b}`);
  return [
    `${a.version} → ${b.version}: lists of ${k} for ${users.compared} of ${users.in_both} users that both know`,
    ...(a.artifact_digest === b.artifact_digest ? ["  the same artifact"] : []),
    "",
    ...changeLines(found),
    ...overlapLines(found),
    "",
    ...exchangeLines("gained most often", found.gained),
    ...exchangeLines("lost most often", found.lost),
    `Users: ${users.only_a} only in ${versions[0]}, ${users.only_b} only in ${versions[1]}`,
    `Items: ${catalogue.in_both} in both, ${catalogue.only_a.items} only in ${versions[0]}, ${catalogue.only_b.items} only in ${versions[1]}`,
    ...catalogueLines(versions[0], catalogue.only_a),
    ...catalogueLines(versions[1], catalogue.only_b),
    `Snapshot: ${sameData ? `${a.data_snapshot_id.slice(0, 12)}, the same` : `${a.data_snapshot_id.slice(0, 12)} → ${b.data_snapshot_id.slice(0, 12)}`}`,
    both.length > 0 ? "Hyperparameters:" : "Hyperparameters: the same",
    ...both,
    "",
  ].join("\n");
}

function changeLines({ changed }: ModelsDiff): string[] {
  if (!changed) return ["  nobody's answers can be compared"];
  return [
    `  ${percent(changed.list)} of the lists change, ${percent(changed.items)} hold other items, ${percent(changed.first)} begin with another`,
  ];
}

function overlapLines({ overlap, kendall_tau: tau, k }: ModelsDiff): string[] {
  if (!overlap) return [];
  const { value, low, high } = overlap.mean;
  return [
    `  overlap@${k}: mean ${percent(value)} (95 % ${percent(low)} to ${percent(high)})`,
    `  deciles of it: ${overlap.deciles.map(percent).join(", ")}`,
    ...(tau
      ? [`  order of the common items: Kendall's τ ${tau.mean.value.toFixed(3)}, mean over ${tau.users} users`]
      : []),
  ];
}

function exchangeLines(title: string, items: ModelsDiff["gained"]): string[] {
  if (items.length === 0) return [];
  return [
    `Items ${title}:`,
    ...items.map(({ users, ...item }) => `  ${String(users).padStart(6)}  ${label(item)}`),
    "",
  ];
}

function catalogueLines(version: string, { items, named }: ItemsOfOne): string[] {
  if (items === 0) return [];
  const more = items > named.length ? " …" : "";
  return [`  only in ${version}: ${named.map(label).join(", ")}${more}`];
}

function label({ movie_id, title }: NamedItem): string {
  return title === null ? `${movie_id}` : `${title} (${movie_id})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
