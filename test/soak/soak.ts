/** What all runs are told. */
export interface SoakOptions {
  readonly seconds: number;
  readonly connections: number;
  /** Changes of what is live a second. */
  readonly changes: number;
  readonly kills: number;
  readonly requests: number;
  /** Events a second, and as many requests. */
  readonly rate: number;
  /** Says how far it has come. */
  readonly say: (text: string) => void;
}

/** What a run measured, and which of its requirements were not met. */
export interface SoakReport {
  readonly figures: Readonly<Record<string, number | string>>;
  readonly failures: readonly string[];
}

/** A run that loads the service for a while and demands that it stays right. */
export type Soak = (folder: string, options: SoakOptions) => Promise<SoakReport>;

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Collects what went wrong: all of it is counted, the first few are told. */
export class Faults {
  count = 0;
  readonly #first: string[] = [];

  add(text: string): void {
    if (this.count++ < 5) this.#first.push(text);
  }

  told(): string[] {
    return this.count > this.#first.length ? [...this.#first, `… ${this.count} in all`] : [...this.#first];
  }
}

/** The value below which a share of the samples lies, by nearest rank; 0 of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Posts to an admin route and gives what it answered. */
export async function steer(base: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${base}${path}`, { method: "POST" });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
