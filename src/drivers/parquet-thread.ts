import { parentPort, workerData } from "node:worker_threads";
import type { Cell } from "../interactions/files.ts";
import type { ParquetReply, ParquetRequest } from "./parquet-input.ts";
import { openScan, type RowRange } from "./parquet-scan.ts";

/** Decodes a Parquet file in a thread of its own, which can be ended when an altered file keeps it busy forever. */
const scan = await openScan(workerData as string).catch((error: Error) => reply({ fault: error.message }));
if (scan) reply({ shape: scan.shape });

parentPort?.on("message", async ({ names, decoded, rows }: ParquetRequest) => {
  try {
    const columns: ArrayLike<Cell>[] = [];
    for (const name of names) columns.push(await cellsOf(name, decoded, rows));
    reply({ columns });
  } catch (error) {
    reply({ fault: error instanceof Error ? error.message : String(error) });
  }
});

/** Some rows out of a decoded range, which the scan keeps until the next range. */
async function cellsOf(name: string, decoded: RowRange, { start, end }: RowRange): Promise<ArrayLike<Cell>> {
  const cells = (await scan?.read(name, decoded)) ?? [];
  const [from, to] = [start - decoded.start, end - decoded.start];
  return Array.isArray(cells) ? cells.slice(from, to) : (cells as Float64Array).slice(from, to);
}

function reply(message: ParquetReply): void {
  parentPort?.postMessage(message);
}
