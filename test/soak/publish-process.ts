import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train, twoTastes } from "../builders.ts";
import { sleep } from "./soak.ts";

/** Trains tiny sets and publishes them to a folder until it is ended, and prints each version once it is published. */
const [folder = ""] = process.argv.slice(2);
const publisher = openPublisher(modelFolder(folder), Date.now);
for (let turn = 0; ; turn++) {
  const { manifest } = await publisher.submit(candidateOf(await train(twoTastes(10 + ((turn * 7) % 15)))));
  process.stdout.write(`${manifest.version}\n`);
  await sleep(Math.random() * 60);
}
