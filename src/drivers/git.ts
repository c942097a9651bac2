import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { CodeIdentity } from "../cli/dependencies.ts";

const run = promisify(execFile);

/**
 * The commit checked out in `folder`, and whether its files differ from it. Where git cannot tell, as in an image, it is
 * `otherwise` and nothing is known of differences.
 */
export async function gitIdentity(folder: string, otherwise: string | null = null): Promise<CodeIdentity> {
  try {
    const head = await run("git", ["rev-parse", "HEAD"], { cwd: folder });
    const status = await run("git", ["status", "--porcelain"], { cwd: folder });
    return { gitSha: head.stdout.trim(), dirty: status.stdout.trim() !== "" };
  } catch {
    return { gitSha: otherwise, dirty: null };
  }
}
