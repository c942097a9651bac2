/** One check of a store that needs nothing of its runtime: it throws when it fails. */
export interface StoreCase<Opened> {
  readonly name: string;
  /** `open` gives, at each call anew, a handle on the store of this case alone, which is empty at first. */
  run(open: () => Opened): Promise<void>;
}

/** What a runtime reports of its run. */
export interface StoreReport {
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly error: string }[];
}

/** Runs cases one after the other, each on a store of its own. */
export async function runStoreCases<Opened>(
  cases: readonly StoreCase<Opened>[],
  storeFor: (name: string) => Promise<() => Opened>,
): Promise<StoreReport> {
  const failed: { name: string; error: string }[] = [];
  for (const { name, run } of cases) {
    try {
      await run(await storeFor(name));
    } catch (error) {
      failed.push({ name, error: String(error) });
    }
  }
  return { passed: cases.length - failed.length, failed };
}
