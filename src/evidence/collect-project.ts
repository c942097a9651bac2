import { z } from "zod";
import { type Collected, missing } from "./collected.ts";
import { type EvidencePath, MAX_API_LOG_LINES, MAX_COMMITS, MAX_PROMETHEUS_LOG_LINES } from "./layout.ts";
import type { Printed, Project } from "./project.ts";
import { jsonOf } from "./switch-history.ts";

/** Of a log file, so much of the end is read. */
const MAX_LOG_BYTES = 1 << 20;

const Lock = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional(), dev: z.boolean().optional() })),
});

/** Log files, where the service and Prometheus do not run in containers. */
export interface LogFiles {
  readonly api?: string | undefined;
  readonly prometheus?: string | undefined;
}

/** What the project and this machine tell: commits, containers, packages, logs. */
export async function collectProject(project: Project, logs: LogFiles): Promise<Collected[]> {
  const commits = ["log", `-${MAX_COMMITS}`, "--date=iso-strict", "--format=%H %ad %s"];
  const git = async (path: EvidencePath, args: readonly string[]) => itemOf(path, await project.git(args));
  const docker = async (path: EvidencePath, args: readonly string[]) => itemOf(path, await project.docker(args));
  return [
    await git("git_history/commits.txt", commits),
    await git("git_history/current_sha.txt", ["rev-parse", "HEAD"]),
    await git("git_history/branches.txt", ["branch", "--all", "--verbose", "--no-abbrev"]),
    await docker("system_info/docker_services.txt", ["compose", "ps", "--all"]),
    await docker("system_info/docker_images.txt", ["images", "--digests"]),
    packages(await project.read("package-lock.json")),
    await logOf("logs/api_logs_sample.txt", "api", logs.api, MAX_API_LOG_LINES, project),
    await logOf("logs/prometheus_logs_sample.txt", "prometheus", logs.prometheus, MAX_PROMETHEUS_LOG_LINES, project),
  ];
}

function itemOf(path: EvidencePath, printed: Printed): Collected {
  if (!printed.ok) {
    return { path, text: null, status: printed.noEngine ? "not_available" : "missing", reason: printed.reason };
  }
  if (printed.text.trim() === "") return missing(path, "there is nothing to list");
  return { path, text: printed.text, status: "collected", reason: null };
}

/** The end of a log: of a file where one is named, else of a container. */
async function logOf(
  path: EvidencePath,
  service: string,
  file: string | undefined,
  maxLines: number,
  project: Project,
): Promise<Collected> {
  const printed =
    file === undefined
      ? await project.docker(["compose", "logs", "--no-color", "--tail", String(maxLines), service])
      : await project.tail(file, MAX_LOG_BYTES);
  if (!printed.ok) return itemOf(path, printed);
  const lines = printed.text.split("\n").filter((line) => line !== "");
  return itemOf(path, { ok: true, text: lines.slice(-maxLines).join("\n").concat("\n") });
}

/** The packages that the service runs with, as locked. */
function packages(lockFile: string | null): Collected {
  const path = "system_info/reqs-api.txt";
  const lock = Lock.safeParse(jsonOf(lockFile ?? "")).data;
  if (!lock) return missing(path, "package-lock.json is not there, or does not read");
  const names = Object.entries(lock.packages)
    .filter(([place, { dev, version }]) => place !== "" && !dev && version !== undefined)
    .map(
      ([place, { version }]) =>
        `${place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)}==${version}`,
    );
  const text = `${[...new Set(names)].sort().join("\n")}\n`;
  return { path, text, status: "collected", reason: null };
}
