import { expect, test } from "vitest";
import { InputError, NotFoundError } from "../base/errors.ts";
import { cron } from "../drivers/cron.ts";
import type { CliDependencies, EndedVerb } from "./dependencies.ts";
import { openRetrainSchedule, type RetrainSchedule } from "./retrain-schedule.ts";

/** The snapshots that are there, and what they were made of. */
const BASES: Readonly<Record<string, string>> = { "51c7": "csv", e7e7: "events" };
const DUE = new Date(Date.UTC(2024, 5, 1, 3));

/** A service whose schedule comes due when `tick` says, and whose runs end as `end` says. */
async function service(schedule: RetrainSchedule, { cores = 4 } = {}) {
  const log: string[] = [];
  const started: (readonly string[])[] = [];
  const stopped: number[] = [];
  let end: (ended: EndedVerb) => void = () => {};
  let tick = (): Promise<unknown> => expect.unreachable("nothing is scheduled");
  let leftOut = () => {};
  let isScheduled = false;
  const deps = {
    env: {},
    cores,
    snapshots: () => ({
      meta: async (id: string) =>
        id in BASES ? { format: BASES[id] } : Promise.reject(new NotFoundError("snapshot", id)),
    }),
    cron: (_: string, work: () => Promise<unknown>, _option: string, tell: () => void) => {
      tick = work;
      leftOut = tell;
      isScheduled = true;
      return { next: () => DUE, stop: () => (isScheduled = false) };
    },
    startVerb: (args: readonly string[]) => {
      const place = started.push(args) - 1;
      const ended = new Promise<EndedVerb>((resolve) => {
        end = resolve;
      });
      return { ended, stop: () => void stopped.push(place) };
    },
  } as unknown as CliDependencies;
  const opened = await openRetrainSchedule(
    schedule,
    "models",
    (level, message) => log.push(`${level} ${message}`),
    deps,
  );
  return {
    ...{ opened, log, started, stopped, isScheduled: () => isScheduled },
    tick: () => tick(),
    tickAgain: () => leftOut(),
    end: (ended: Partial<EndedVerb>) => end({ code: 0, out: "", err: "", ...ended }),
  };
}

const nightly = { retrainSchedule: "0 3 * * *" };
const printed = (result: object) => ({ out: `${JSON.stringify(result)}\n` });

test("nothing is scheduled unless it is asked for", async () => {
  expect((await service({})).opened).toBeNull();
});

test("when it is due, a process retrains as it was said, with a core left to who answers", async () => {
  const { opened, started, tick, end } = await service({
    ...{ ...nightly, retrainBase: "51c7", retrainRollout: "canary", retrainPercentage: 25 },
  });
  expect(opened?.next()).toEqual(DUE);
  expect(started).toEqual([]);
  const run = tick();
  expect(started).toEqual([
    [
      ...["retrain", "--format", "json", "--models", "models", "--base", "51c7", "--rollout", "canary"],
      ...["--percentage", "25", "--threads", "3"],
    ],
  ]);
  end(printed({ outcome: "published", version: "v0.2", reason: "better" }));
  await run;
});

test.each([
  [1, {}, "1"],
  [8, { retrainThreads: 2 }, "2"],
])("on %i cores, asked for %o, it trains on %s threads", async (cores, asked, threads) => {
  const { started, tick, end } = await service({ ...nightly, ...asked }, { cores });
  const run = tick();
  expect(started[0]?.slice(-2)).toEqual(["--threads", threads]);
  end({});
  await run;
});

test("how a run ended is told, and the next one follows whatever it was", async () => {
  const { log, started, tick, end } = await service(nightly);
  const endings = [
    printed({ outcome: "published", version: "v0.2", reason: "better" }),
    { ...printed({ outcome: "refused", version: "v0.3", reason: "worse" }), code: 1 },
    { ...printed({ outcome: "busy" }), code: 2 },
    { code: 1, err: "a warning\nerror: events: none are held, and no base is named\n" },
    { code: "SIGKILL" },
  ];
  for (const ending of endings) {
    const run = tick();
    end(ending);
    await run;
  }
  expect(log).toEqual([
    "info retraining: published, v0.2, better",
    "warning retraining: refused, v0.3, worse",
    "info retraining: busy",
    "warning retraining: failed with 1: events: none are held, and no base is named",
    "warning retraining: failed with SIGKILL: no word of why",
  ]);
  expect(started).toHaveLength(endings.length);
});

test("a run that is due while the last is under way is left out, and told", async () => {
  const { log, started, tick, tickAgain, end } = await service(nightly);
  const run = tick();
  tickAgain();
  end(printed({ outcome: "unchanged" }));
  await run;
  expect(log).toEqual([
    "warning retraining: a run is due and left out, because the last one is still under way",
    "info retraining: unchanged",
  ]);
  expect(started).toHaveLength(1);
});

test("at its end the service tells the run under way to end, and waits for that", async () => {
  const { opened, stopped, tick, end, isScheduled } = await service(nightly);
  const run = tick();
  let isOver = false;
  const stopping = opened?.stop().then(() => {
    isOver = true;
  });
  expect([stopped, isScheduled(), isOver]).toEqual([[0], false, false]);
  end({ code: 2, err: "error: the run was told to end\n" });
  await Promise.all([run, stopping]);
  expect(isOver).toBe(true);
});

test("at its end without a run it waits for nothing", async () => {
  const { opened, stopped } = await service(nightly);
  await opened?.stop();
  expect(stopped).toEqual([]);
});

test.each([
  [{ retrainBase: "51c7" }, "--retrain-base", "is of no use without --retrain-schedule"],
  [{ retrainPercentage: 5 }, "--retrain-percentage", "is of no use without --retrain-schedule"],
  [{ ...nightly, retrainPercentage: 101 }, "--retrain-percentage", "must be a number from 0 to 100"],
  [{ ...nightly, retrainBase: "e7e7" }, "--retrain-base", "was made of events already"],
  [{ ...nightly, retrainThreads: 0 }, "--retrain-threads", /must be a whole number/],
])("%o is refused", async (schedule, field, message) => {
  const refused = await service(schedule).catch((error) => error);
  expect(refused).toBeInstanceOf(InputError);
  expect(refused.issues).toEqual([expect.objectContaining({ field })]);
  expect(refused.issues[0].message).toMatch(message);
});

test("a base that is not there is refused at the start, and not when it is due", async () => {
  await expect(service({ ...nightly, retrainBase: "beef" })).rejects.toThrow(NotFoundError);
});

test("a schedule that does not parse is refused by the option that it was given by", () => {
  const work = () => expect.unreachable();
  expect(() => cron("at noon", work, "--retrain-schedule", () => {})).toThrow(
    expect.objectContaining({ issues: [expect.objectContaining({ field: "--retrain-schedule", value: "at noon" })] }),
  );
});

test("work that never ends is begun once, and what is due meanwhile is told", { timeout: 120_000 }, async () => {
  let begun = 0;
  const work = () => {
    begun++;
    return new Promise(() => {});
  };
  await new Promise<void>((resolve) => {
    const job = cron("* * * * * *", work, "--retrain-schedule", () => {
      job.stop();
      resolve();
    });
  });
  expect(begun).toBe(1);
});
