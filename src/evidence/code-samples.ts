import type { PackagedFiles } from "./checklist.ts";
import type { Project } from "./project.ts";

/** Documents of a package, as they are named in docs/. */
const DOCUMENTS = ["README.md", "API_REFERENCE.md", "RUNBOOK.md", "AB_TESTING_GUIDE.md", "PROVENANCE_GUIDE.md"];

/** What is shown of the code, by folder of code_samples/: files, and folders whose sources are taken. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  service: ["src/service.ts", "src/app.ts", "src/http/app.ts", "src/http/recommend.ts", "src/http/rollout.ts"],
  recommender: [
    "src/pipeline.ts",
    "src/training/fit.ts",
    "src/engine/model.ts",
    "src/provenance/replayer.ts",
    "assembly/solve.ts",
    "assembly/scan.ts",
  ],
  stream: ["src/events", "src/interactions/cmu-log.ts", "src/drivers/kafka.ts", "src/drivers/event-log.ts"],
  schemas: ["schemas", "src/http/answers.ts", "src/artifact/manifest.ts", "src/evidence/samples.ts"],
  config: ["otel", "Dockerfile", "src/environment.ts", "architecture.mjs"],
};
const SAMPLE_FILE = /\.(?:ts|mjs|json|ya?ml|avsc)$|(?:^|\/)Dockerfile$/;
const MAX_SAMPLES_EACH = 40;
const COMPOSE = "docker-compose.yml";

/** A file of the project on its way into a package. */
export interface ProjectFile {
  /** Path in the package. */
  readonly path: string;
  readonly text: string;
}

/** Reads the documents and sources of a package. */
export async function projectFiles(
  project: Project,
): Promise<{ readonly files: readonly ProjectFile[]; readonly parts: readonly PackagedFiles[] }> {
  const documents = await Promise.all(DOCUMENTS.map((name) => fileOf(project, `docs/${name}`, `docs/${name}`)));
  const samples = await Promise.all(
    Object.entries(SAMPLES).map(async ([folder, sources]) => ({
      folder,
      files: await samplesOf(project, folder, sources),
    })),
  );
  const compose = await fileOf(project, COMPOSE, COMPOSE);
  const files = [...documents, ...samples.flatMap(({ files: found }) => found), compose].filter(
    (file) => file !== null,
  );
  const has = (path: string) => files.some((file) => file.path === path);
  const documentPaths = DOCUMENTS.map((name) => `docs/${name}`);
  return {
    files,
    parts: [
      {
        item: "documents",
        found: documentPaths.filter(has),
        missing: documentPaths.filter((path) => !has(path)),
      },
      {
        item: "code samples and composition",
        found: [
          ...samples.filter((one) => one.files.length > 0).map((one) => `code_samples/${one.folder}`),
          COMPOSE,
        ].filter((path) => path !== COMPOSE || compose !== null),
        missing: [
          ...samples.filter((one) => one.files.length === 0).map((one) => `code_samples/${one.folder}`),
          ...(compose === null ? [COMPOSE] : []),
        ],
      },
    ],
  };
}

async function samplesOf(project: Project, folder: string, sources: readonly string[]): Promise<ProjectFile[]> {
  const paths = (
    await Promise.all(sources.map(async (source) => (SAMPLE_FILE.test(source) ? [source] : await project.list(source))))
  )
    .flat()
    .filter((path) => SAMPLE_FILE.test(path) && !path.endsWith(".test.ts"))
    .slice(0, MAX_SAMPLES_EACH);
  const files = await Promise.all(paths.map((path) => fileOf(project, path, `code_samples/${folder}/${path}`)));
  return files.filter((file) => file !== null);
}

async function fileOf(project: Project, from: string, path: string): Promise<ProjectFile | null> {
  const text = await project.read(from);
  return text === null ? null : { path, text };
}
