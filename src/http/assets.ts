/** Where the pages' files come from; `read` gives null for one that was not built. */
export interface AssetReader {
  read(name: string): Promise<Asset | null>;
}

export interface Asset {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Everything that `/assets/{name}` serves: a reader is never asked for another name. */
export const ASSET_NAMES = [
  "icon.svg",
  "home.css",
  "home.js",
  "home-api.js",
  "home-digest.js",
  "home-dom.js",
  "home-location.js",
  "home-receipt.js",
  "home-results.js",
  "home-search.js",
  "home-titles.js",
  "home-why.js",
  "docs.js",
  "swagger-ui.css",
  "swagger-ui-bundle.js",
] as const;

export type AssetName = (typeof ASSET_NAMES)[number];
export type PageName = "home.html" | "docs.html";
