import type { Leases } from "../src/base/leases.ts";

/** Leases, kept in memory. */
export function memoryLeases(): Leases {
  const held = new Map<string, { readonly holder: number; readonly until: number }>();
  return {
    take: async (name, now, until) => {
      const { holder: before = 0, until: heldUntil = 0 } = held.get(name) ?? {};
      if (heldUntil > now) return null;
      held.set(name, { holder: before + 1, until });
      return before + 1;
    },
    giveBack: async (name, holder) => {
      if (held.get(name)?.holder === holder) held.set(name, { holder, until: 0 });
    },
  };
}
