import type { AssetReader } from "../http/assets.ts";

/** The part of a Workers assets binding that is used here. */
export interface Assets {
  fetch(url: string): Promise<Response>;
}

/** The pages' files as they were deployed with the Worker. */
export function workersAssets(assets: Assets): AssetReader {
  return {
    read: async (name) => {
      // The binding serves by path and does not look at the host.
      const response = await assets.fetch(`https://assets.invalid/${name}`);
      if (!response.ok) return null;
      const contentType = response.headers.get("Content-Type") ?? "application/octet-stream";
      return { bytes: new Uint8Array(await response.arrayBuffer()), contentType };
    },
  };
}
