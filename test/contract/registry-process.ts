import { DataError } from "../../src/base/errors.ts";
import { whileLocked } from "../../src/drivers/folder-lock.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train } from "../builders.ts";

/** A process of its own beside a test: publishes to a folder so many times, tries its lock, or takes it and keeps it. */
const TRY_MS = 200;
const [folder = "", work] = process.argv.slice(2);
const store = modelFolder(folder);

if (work === "hold") {
  await store.exclusively(async () => {
    process.stdout.write("held\n");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
} else if (work === "try") {
  const answer: Promise<string> = whileLocked(folder, TRY_MS, async () => "held\n");
  process.stdout.write(
    await answer.catch((error) => {
      if (error instanceof DataError) return "kept out\n";
      throw error;
    }),
  );
} else {
  const candidate = candidateOf(await train());
  const publisher = openPublisher(store, Date.now);
  for (let times = Number(work); times > 0; times--) await publisher.submit(candidate);
}
