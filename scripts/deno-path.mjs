import { join } from "node:path";

/**
 * Where npm puts Deno's binary. It comes from the platform's package and not from the one called `deno`, whose command
 * in node_modules/.bin would stand in the way of `deno task` for an installed Deno.
 */
export function denoPath(root) {
  const libc = process.platform === "linux" ? "-glibc" : "";
  return join(root, "node_modules", "@deno", `${process.platform}-${process.arch}${libc}`, "deno");
}
