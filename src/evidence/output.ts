import { InputError } from "../base/errors.ts";
import type { Folder } from "./folder.ts";

const NAMED = 3;

/**
 * Makes sure that only our own files can be replaced: a folder that holds anything must hold `marker`, which an earlier
 * run left there.
 * @param overwrite whether files of others may be replaced where ours have the same name
 * @throws InputError naming what is there
 */
export async function claim(folder: Folder, marker: string, overwrite: boolean): Promise<void> {
  const names = await folder.names();
  if (overwrite || names.length === 0 || names.includes(marker)) return;
  const shown = names.slice(0, NAMED).join(", ") + (names.length > NAMED ? ", …" : "");
  const message = `${folder.name} holds other files (${shown}) and no ${marker}: name an empty folder, or add --overwrite`;
  throw InputError.of("--output", folder.name, message);
}
