import { execFile } from "node:child_process";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Printed, Project } from "../evidence/project.ts";

const TIMEOUT_MS = 15_000;
const MAX_PRINTED_BYTES = 8 << 20;
const MAX_FILE_BYTES = 4 << 20;
/** The project in a local folder. */
export function projectFolder(root: string): Project {
  return {
    read: async (path) => {
      try {
        const { size } = await stat(join(root, path));
        return size > MAX_FILE_BYTES ? null : await readFile(join(root, path), "utf8");
      } catch {
        return null;
      }
    },
    list: async (folder) => {
      try {
        const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile());
        return files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length).replace(/^\//, "")).sort();
      } catch {
        return [];
      }
    },
    git: (args) => run("git", args, root),
    docker: async (args) => {
      const printed = await run("docker", args, root);
      if (printed.ok) return printed;
      // Whatever did not work: without an engine it could not.
      const engine = await run("docker", ["version", "--format", "{{.Server.Version}}"], root);
      return engine.ok ? printed : { ok: false, reason: `no Docker engine: ${engine.reason}`, noEngine: true };
    },
    tail,
  };
}

/** What a program printed. */
function run(program: string, args: readonly string[], cwd: string): Promise<Printed> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: TIMEOUT_MS, maxBuffer: MAX_PRINTED_BYTES };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, text: stdout });
      const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
      const said = stderr.trim().split("\n")[0] || error.message.split("\n")[0];
      resolve({ ok: false, reason: isAbsent ? `there is no ${program}` : said, noEngine: false });
    });
  });
}

async function tail(path: string, maxBytes: number): Promise<Printed> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const length = Math.min(size, maxBytes);
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, size - length);
      const text = bytes.toString("utf8", 0, bytesRead);
      // The first line of a part is a part of a line.
      return { ok: true, text: size > length ? text.slice(text.indexOf("\n") + 1) : text };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, reason: `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, noEngine: false };
  }
}
