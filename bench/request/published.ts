import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, fitTools } from "../../test/builders.ts";
import { type Shape, shapedArtifact } from "./shape.ts";

/** Publishes an artifact of a shape as v0.1 in a folder that holds no versions. */
export async function publishShape(folder: string, shape: Shape): Promise<void> {
  await openPublisher(modelFolder(folder), Date.now).submit(candidateOf(await shapedArtifact(fitTools, shape)));
}
