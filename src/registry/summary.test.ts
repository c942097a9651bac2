import { expect, test } from "vitest";
import { candidateOf, memoryRegistry, train } from "../../test/builders.ts";
import { openPublisher } from "./publisher.ts";
import { openRegistry } from "./registry.ts";
import { summariesOf, summaryOf } from "./summary.ts";

async function published() {
  const files = new Map<string, Uint8Array>();
  const store = memoryRegistry(files);
  const publisher = openPublisher(store, () => 0);
  const artifact = await train();
  for (const version of ["v0.10", "v0.2", "v0.9"]) await publisher.submit({ ...candidateOf(artifact), version });
  return { files, store };
}

test("the summaries of all versions stand by number, each as it is alone, a broken one too", async () => {
  const { files, store } = await published();
  files.set("v0.9/manifest.json", new Uint8Array(1));
  const registry = openRegistry(store);
  const summaries = await summariesOf(registry);
  expect(summaries.map(({ version, aliases, fault }) => [version, aliases, fault === null])).toEqual([
    ["v0.2", [], true],
    ["v0.9", [], false],
    ["v0.10", ["champion"], true],
  ]);
  for (const summary of summaries) expect(await summaryOf(registry, summary.version)).toEqual(summary);
});

test("the summaries of all versions come from one reading of the catalog", async () => {
  const { store } = await published();
  const paths: string[] = [];
  const read = (path: string) => {
    paths.push(path);
    return store.read(path);
  };
  await summariesOf(openRegistry({ ...store, read }));
  expect(paths.sort()).toEqual(["registry.json", "v0.10/manifest.json", "v0.2/manifest.json", "v0.9/manifest.json"]);
});
