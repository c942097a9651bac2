import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CLI, ROOT, runCommand } from "../runtime/processes.ts";

/** The ends of the dot products that scores are made of. */
const SUMS = [
  "f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1)",
  "f32x4.add(v128.shuffle<f32>(left, right, 0, 2, 4, 6), v128.shuffle<f32>(left, right, 1, 3, 5, 7))",
] as const;
/** Every score a little larger: other bits, and nearly the same order. */
const CHANGED = [`f32(1.0000005) * (${SUMS[0]})`, `f32x4.mul(f32x4.splat(1.0000005), ${SUMS[1]})`] as const;

/** Copies the project to `folder`, with a core whose scores have other bits, and builds that. */
export async function copyWithChangedEngine(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of ["src", "assembly", "scripts", "build/assets", "package.json", "wrangler.toml"]) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const path = join(folder, "assembly", "dot.ts");
  let source = await readFile(path, "utf8");
  for (const [place, sum] of SUMS.entries()) {
    if (!source.includes(`return ${sum};`)) throw new Error(`${path} does not have ${sum}, which is to be changed`);
    source = source.replace(`return ${sum};`, `return ${CHANGED[place]};`);
  }
  await writeFile(path, source);
  await runCommand([...CLI.node.slice(0, -1), "scripts/build-core.mjs"], {}, { cwd: folder });
}
