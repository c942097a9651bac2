import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { Leases } from "../../src/base/leases.ts";
import type { StoreCase } from "./store-case.ts";

/** What any place for leases does. */
export const leaseCases: readonly StoreCase<Leases>[] = [
  {
    name: "one of many who want a name at once has it",
    run: async (open) => {
      const taken = await Promise.all(Array.from({ length: 8 }, () => open().take("a", 1_000, 2_000)));
      equal(taken.filter((holder) => holder !== null).length, 1);
      notEqual(await open().take("b", 1_000, 2_000), null);
    },
  },
  {
    name: "a name is free again when it is given back, and after its time",
    run: async (open) => {
      const first = await open().take("a", 1_000, 2_000);
      equal(await open().take("a", 1_999, 3_000), null);
      await open().giveBack("a", first as number);
      const second = await open().take("a", 1_001, 2_000);
      const third = await open().take("a", 2_000, 3_000);
      equal(new Set([first, second, third, null]).size, 4);
    },
  },
  {
    name: "who held a name too long does not take it from the next",
    run: async (open) => {
      const late = await open().take("a", 1_000, 2_000);
      await open().take("a", 2_500, 3_000);
      await open().giveBack("a", late as number);
      equal(await open().take("a", 2_600, 3_600), null);
    },
  },
  {
    name: "giving back what nobody holds changes nothing",
    run: async (open) => {
      await open().giveBack("a", 7);
      deepEqual(await open().take("a", 1, 2), 1);
    },
  },
];
