import { expect, test } from "vitest";
import { candidateOf, engine, memoryRegistry, train, twoTastes } from "../../test/builders.ts";
import { type ListUser, listMaker } from "../cli/user-lists.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import { listThreads } from "./list-threads.ts";

const K = 4;
const { users, items } = twoTastes();
const store = memoryRegistry();
await openPublisher(store, () => 0).submit(candidateOf(await train()));
const verified = await openRegistry(store).load("v0.1");

test.each([1, 3])("%i threads make the lists that one core makes, group by group", async (threads) => {
  const newer = [{ movie_id: items[9].movie_id, value: null, time: 1 }];
  const groups = users.map((id, place): ListUser[] => [{ id, lastSeq: place, newer: place % 2 === 0 ? [] : newer }]);
  const makers = listThreads({ engine, verified, k: K, threads });
  try {
    const alone = listMaker(verified, engine.newCore(), K);
    expect(await makers.make([...groups, []])).toEqual([...groups, []].map(alone));
  } finally {
    await makers.close();
  }
});

test("a user that cannot be answered for fails the call, and the threads go on", async () => {
  const makers = listThreads({ engine, verified, k: K, threads: 2 });
  try {
    const broken = { id: users[0], lastSeq: 0, newer: null } as unknown as ListUser;
    await expect(makers.make([[broken]])).rejects.toThrow();
    expect(await makers.make([[{ id: users[0], lastSeq: 0, newer: [] }]])).toHaveLength(1);
  } finally {
    await makers.close();
  }
});
