import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train } from "../builders.ts";

/** A process of its own beside a test: publishes to a folder so many times, or takes its lock and keeps it. */
const [folder = "", work] = process.argv.slice(2);
const store = modelFolder(folder);

if (work === "hold") {
  await store.exclusively(async () => {
    process.stdout.write("held\n");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
} else {
  const candidate = candidateOf(await train());
  const publisher = openPublisher(store, Date.now);
  for (let times = Number(work); times > 0; times--) await publisher.submit(candidate);
}
