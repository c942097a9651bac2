import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { AssetReader } from "../http/assets.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The pages' files in a local folder; each is read once. */
export function assetFolder(folder: string): AssetReader {
  const held = new Map<string, ReturnType<AssetReader["read"]>>();
  const load = async (name: string) => {
    const bytes = await readFile(join(folder, name)).catch(() => null);
    return bytes && { bytes, contentType: CONTENT_TYPES[extname(name)] ?? "application/octet-stream" };
  };
  return {
    read: (name) => {
      const asset = held.get(name) ?? load(name);
      held.set(name, asset);
      return asset;
    },
  };
}
