import { expect, test } from "vitest";
import { keptTraces } from "./kept-traces.ts";

test("traces are written before they are looked for, so that an answer just given is found", async () => {
  const trace = { request_id: "r-1", ts: 1, answer: null, fault: null };
  const asked: string[] = [];
  const find = async (requestId: string) => {
    asked.push(`find ${requestId}`);
    return [trace];
  };
  expect(await keptTraces({ flush: async () => void asked.push("flush") }, { find })("r-1")).toEqual([trace]);
  expect(asked).toEqual(["flush", "find r-1"]);
});
