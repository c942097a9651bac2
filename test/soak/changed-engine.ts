import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CLI, ROOT, runCommand } from "../runtime/processes.ts";

const SUM = "return f32x4.add(v128.shuffle<f32>(left, right, 0, 2, 4, 6), v128.shuffle<f32>(left, right, 1, 3, 5, 7));";
/** Every score a little larger: other bits, and nearly the same order. */
const CHANGED = SUM.replace("return ", "return f32x4.mul(f32x4.splat(1.0000005), ").replace(/;$/, ");");

/** Copies the project to `folder`, with a core whose scores have other bits, and builds that. */
export async function copyWithChangedEngine(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of ["src", "assembly", "scripts", "build/assets", "package.json", "wrangler.toml"]) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const path = join(folder, "assembly", "dot.ts");
  const source = await readFile(path, "utf8");
  if (!source.includes(SUM)) throw new Error(`${path} does not have the line that is to be changed`);
  await writeFile(path, source.replace(SUM, CHANGED));
  await runCommand([...CLI.node.slice(0, -1), "scripts/build-core.mjs"], {}, { cwd: folder });
}
