import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitIdentity } from "./git.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-git-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const author = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...author, ...args], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
}

test("a clean checkout is its commit, and one with changes says so", async () => {
  git("init", "--quiet");
  await writeFile(join(folder, "a"), "1");
  git("add", "a");
  git("commit", "--quiet", "--message", "first");
  const gitSha = git("rev-parse", "HEAD");
  expect(await gitIdentity(folder)).toEqual({ gitSha, dirty: false });
  await writeFile(join(folder, "b"), "2");
  expect(await gitIdentity(folder, "abc")).toEqual({ gitSha, dirty: true });
});

test("nothing is known of a repository without commits, of a plain folder and of none", async () => {
  expect(await gitIdentity(folder)).toEqual({ gitSha: null, dirty: null });
  git("init", "--quiet");
  expect(await gitIdentity(folder)).toEqual({ gitSha: null, dirty: null });
  expect(await gitIdentity(join(folder, "missing"))).toEqual({ gitSha: null, dirty: null });
  expect(await gitIdentity(folder, "abc")).toEqual({ gitSha: "abc", dirty: null });
});
