import { describe, expect, test } from "vitest";
import { IntegrityError, NotFoundError } from "../base/errors.ts";
import type { Model } from "./model.ts";
import { openResident } from "./resident.ts";

/** Versions v0.1 to v0.5, of which some are broken; counts loads. */
function setUp(broken: Set<string> = new Set(), spare = 2) {
  const loads: string[] = [];
  let time = 0;
  const resident = openResident({
    load: async (version) => {
      loads.push(version);
      if (broken.has(version)) throw new IntegrityError(version, "is truncated");
      if (version === "v9.9") throw new NotFoundError("model", version);
      return { version } as Model;
    },
    newestFirst: async () => ["v0.5", "v0.4", "v0.3", "v0.2", "v0.1"],
    spare,
    monotonicMs: () => time,
  });
  return { resident, loads, broken, wait: (ms: number) => (time += ms) };
}

describe("models in memory", () => {
  test("are loaded once, also by calls at the same time", async () => {
    const { resident, loads } = setUp();
    await Promise.all([resident.get("v0.1"), resident.get("v0.1"), resident.get("v0.1")]);
    await resident.get("v0.1");
    expect(loads).toEqual(["v0.1"]);
  });

  test("stay while they are live, and only the last used of the others", async () => {
    const { resident, loads } = setUp();
    resident.keep(["v0.1"]);
    for (const version of ["v0.1", "v0.2", "v0.3", "v0.4", "v0.1", "v0.4", "v0.3", "v0.2"]) await resident.get(version);
    expect(loads).toEqual(["v0.1", "v0.2", "v0.3", "v0.4", "v0.2"]);
  });

  test("are at hand without waiting while they are live and loaded", async () => {
    const { resident, broken } = setUp(new Set(["v0.2"]));
    resident.keep(["v0.1", "v0.2"]);
    const loading = resident.get("v0.1");
    expect(resident.atHand("v0.1")).toBeNull();
    const model = await loading;
    expect(resident.atHand("v0.1")).toBe(model);
    await expect(resident.get("v0.2")).rejects.toThrow(IntegrityError);
    expect(resident.atHand("v0.2")).toBeNull();
    broken.clear();
    await resident.prepare("v0.2");
    resident.keep(["v0.2"]);
    expect([resident.atHand("v0.1"), resident.atHand("v0.2")?.version]).toEqual([null, "v0.2"]);
  });

  test("that were live until now count as used last", async () => {
    const { resident, loads } = setUp();
    resident.keep(["v0.1"]);
    for (const version of ["v0.1", "v0.2", "v0.3", "v0.4"]) await resident.get(version);
    resident.keep(["v0.4"]);
    for (const version of ["v0.5", "v0.1"]) await resident.get(version);
    expect(loads).toEqual(["v0.1", "v0.2", "v0.3", "v0.4", "v0.5"]);
  });

  test("that failed to load fail again at once, until a while has passed or an operator tries", async () => {
    const { resident, broken, loads, wait } = setUp(new Set(["v0.1"]));
    for (let request = 0; request < 5; request++) await expect(resident.get("v0.1")).rejects.toThrow(IntegrityError);
    expect(loads).toEqual(["v0.1"]);
    broken.clear();
    await expect(resident.get("v0.1")).rejects.toThrow(IntegrityError);
    expect((await resident.prepare("v0.1")).version).toBe("v0.1");
    broken.add("v0.2");
    await expect(resident.get("v0.2")).rejects.toThrow(IntegrityError);
    broken.clear();
    wait(5_000);
    expect((await resident.get("v0.2")).version).toBe("v0.2");
  });

  test("are not driven out by pins of versions that there are not", async () => {
    const { resident, loads } = setUp();
    for (const version of ["v0.1", "v0.2"]) await resident.get(version);
    for (const _ of [1, 2, 3]) await expect(resident.get("v9.9")).rejects.toThrow(NotFoundError);
    for (const version of ["v0.1", "v0.2"]) await resident.get(version);
    expect(loads.filter((version) => version !== "v9.9")).toEqual(["v0.1", "v0.2"]);
  });

  test("are loaded one at a time", async () => {
    let [under, most] = [0, 0];
    const resident = openResident({
      load: async (version) => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 1));
        under--;
        return { version } as Model;
      },
      newestFirst: async () => [],
      spare: 2,
      monotonicMs: () => 0,
    });
    await Promise.all(["v0.1", "v0.2", "v0.3"].map((version) => resident.get(version)));
    expect(most).toBe(1);
  });
});

describe("the model that answers", () => {
  test("is the newest that verifies where its own does not, and the fault is told", async () => {
    const { resident } = setUp(new Set(["v0.2", "v0.5"]));
    resident.keep(["v0.2"]);
    expect((await resident.answering(["v0.2"]))?.version).toBe("v0.4");
    expect(resident.faults().get("v0.2")).toMatch(/truncated/);
  });

  test("is the newest that verifies where its own is not published", async () => {
    const { resident } = setUp();
    expect((await resident.answering(["v9.9"]))?.version).toBe("v0.5");
  });

  test("is the next one wanted before the newest: a broken canary's users get the primary", async () => {
    const { resident } = setUp(new Set(["v0.2"]));
    expect((await resident.answering(["v0.2", "v0.1"]))?.version).toBe("v0.1");
  });

  test("is none where none verifies", async () => {
    const { resident } = setUp(new Set(["v0.1", "v0.2", "v0.3", "v0.4", "v0.5"]));
    expect(await resident.answering(["v0.1"])).toBeNull();
  });

  test("is tried again only after a while, and then answers itself", async () => {
    const { resident, loads, broken, wait } = setUp(new Set(["v0.2"]));
    resident.keep(["v0.2"]);
    for (let request = 0; request < 10; request++) await resident.answering(["v0.2"]);
    expect(loads.filter((version) => version === "v0.2")).toHaveLength(1);
    broken.clear();
    wait(5_000);
    expect((await resident.answering(["v0.2"]))?.version).toBe("v0.2");
    expect(resident.faults().size).toBe(0);
  });

  test("is looked for among broken versions only now and then", async () => {
    const { resident, loads, wait } = setUp(new Set(["v0.2", "v0.5", "v0.4"]));
    for (let request = 0; request < 10; request++) {
      resident.keep(["v0.2"]);
      expect((await resident.answering(["v0.2"]))?.version).toBe("v0.3");
    }
    expect(loads).toEqual(["v0.2", "v0.5", "v0.4", "v0.3"]);
    expect([...resident.faults().keys()]).toEqual(["v0.2", "v0.5", "v0.4"]);
    wait(5_000);
    expect([...resident.faults().keys()]).toEqual(["v0.2"]);
  });
});
