import { readFileSync } from "node:fs";
import type { Artifact } from "../src/artifact/artifact.ts";
import { type ArtifactFiles, artifactDigest, encodeArtifact, fileDigests } from "../src/artifact/codec.ts";
import type { Hyperparameters, Manifest } from "../src/artifact/manifest.ts";
import type { CatalogueItem } from "../src/base/catalogue.ts";
import { sha256Hex } from "../src/base/hash.ts";
import { noProgress } from "../src/base/progress.ts";
import { compileEngine, type Engine } from "../src/kernel/engine.ts";
import { trainArtifact } from "../src/pipeline.ts";
import type { Candidate } from "../src/registry/publisher.ts";
import type { RegistryStore } from "../src/registry/store.ts";
import type { LiveRecord } from "../src/rollout/record.ts";
import type { Change, LiveStore } from "../src/rollout/store.ts";
import { SnapshotBuilder } from "../src/snapshot/builder.ts";
import type { Snapshot } from "../src/snapshot/snapshot.ts";
import type { FitTools } from "../src/training/fit.ts";
import { checkHyperparameters } from "../src/training/hyperparameters.ts";
import { callingThreadSweeper } from "../src/training/sweeps.ts";

/** The core as it was built. */
export const engine: Engine = await compileEngine(readFileSync(new URL("../build/core.wasm", import.meta.url)));

/** The same engine, run by the build with the relaxed integer dot product. */
export const relaxedEngine: Engine = await compileEngine(
  engine.bytes,
  readFileSync(new URL("../build/core-relaxed.wasm", import.meta.url)),
);

/** Training on the calling thread, without a word. */
export const fitTools: FitTools = {
  newCore: engine.newCore,
  openSweeper: callingThreadSweeper(engine.newCore),
  progress: noProgress,
};

/** Few factors and sweeps: enough for two tastes. */
export const SMALL: Hyperparameters = checkHyperparameters({ factors: 6, iterations: 4, seed: 7 });

/** A line of a snapshot: who, what, the value (1) and the time in milliseconds (unknown). */
export type Line = readonly [user: string, item: string, value?: number, time?: number | null];

export function snapshotOf(lines: Iterable<Line>, catalogue: readonly CatalogueItem[] = []): Snapshot {
  const builder = new SnapshotBuilder();
  for (const item of catalogue) builder.addItem(item);
  for (const [user, item, value = 1, time = null] of lines) builder.add(user, item, value, time, null);
  return builder.build().snapshot;
}

/** Films 1 to 16, of which 1 to 8 are comedies and the others thrillers; film n is of the year 1990 + n. */
export const FILMS: readonly CatalogueItem[] = Array.from({ length: 16 }, (_, place) => ({
  movie_id: String(place + 1),
  title: `Film ${place + 1}`,
  year: 1991 + place,
  genres: place < 8 ? ["Comedy"] : ["Thriller", "Crime"],
}));

/**
 * Viewers 1 to 24, or fewer, who saw 6 of the 8 films of their taste, one a day: odd ones comedies, even ones thrillers. Each
 * rates the films of the day alike, from 3 to 5.
 */
export function twoTastes(viewers = 24): Snapshot {
  const lines: Line[] = [];
  for (let viewer = 1; viewer <= viewers; viewer++) {
    for (let day = 0; day < 6; day++) {
      const film = (viewer % 2 === 1 ? 1 : 9) + ((viewer + 3 * day) % 8);
      lines.push([String(viewer), String(film), 3 + (day % 3), Date.UTC(2024, 0, 1 + day, viewer)]);
    }
  }
  return snapshotOf(lines, FILMS);
}

export function train(snapshot: Snapshot = twoTastes(), hyperparameters = SMALL): Promise<Artifact> {
  return trainArtifact(snapshot, hyperparameters, fitTools);
}

/** A manifest that fits an artifact and its files. */
export function manifestOf(artifact: Artifact, files: ArtifactFiles, overrides: Partial<Manifest> = {}): Manifest {
  const digests = fileDigests(files);
  return {
    format: "reprise-manifest-1",
    version: "v0.1",
    model_name: "als",
    created_at: "2024-05-01T12:00:00.000Z",
    artifact_digest: artifactDigest(digests),
    engine_digest: engine.digest,
    data_snapshot_id: "0".repeat(64),
    git_sha: null,
    git_dirty: null,
    hyperparameters: {
      ...SMALL,
      ...artifact.factors.settings,
      weight_rule: artifact.histories.weightRule,
    },
    users: artifact.users.length,
    items: artifact.items.length,
    interactions: artifact.histories.table.item.length,
    evaluation: null,
    comparison: null,
    preference: null,
    gate: { passed: true, reasons: [], checks: [] },
    drift_profile: null,
    files: Object.fromEntries(Object.entries(digests).map(([name, digest]) => [name, `sha256:${digest}`])),
    training: { seconds: 0, threads: 1, runtime: "node" },
    ...overrides,
  };
}

/** A trained artifact on its way into a registry. */
export function candidateOf(artifact: Artifact, overrides: Partial<Manifest> = {}): Candidate {
  const files = encodeArtifact(artifact);
  const manifest = manifestOf(artifact, files, overrides);
  return { files, engine, version: null, manifest: (version) => ({ ...manifest, version }) };
}

/** A registry in memory, whose files a test may look at and spoil. */
export function memoryRegistry(files = new Map<string, Uint8Array>()): RegistryStore {
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: async (path) => {
      const bytes = files.get(path);
      return bytes ? Uint8Array.from(bytes) : null;
    },
    stamp: async (path) => {
      const bytes = files.get(path);
      return bytes ? sha256Hex(bytes) : null;
    },
    exclusively: (work) => {
      const result = last.then(work);
      last = result.catch(() => {});
      return result;
    },
    putFolder: async (path, content) => {
      for (const name of [...files.keys()]) if (name.startsWith(`${path}/`)) files.delete(name);
      for (const [name, bytes] of content) files.set(`${path}/${name}`, Uint8Array.from(bytes));
    },
    putFile: async (path, bytes) => void files.set(path, Uint8Array.from(bytes)),
    folders: async (path) => {
      const inside = [...files.keys()].filter((name) => name.startsWith(path === "" ? "" : `${path}/`));
      const rests = inside.map((name) => name.slice(path === "" ? 0 : path.length + 1).split("/"));
      return [...new Set(rests.filter(({ length }) => length > 1).map(([first]) => first as string))].sort();
    },
    removeFolder: async (path) => {
      for (const name of [...files.keys()]) if (name.startsWith(`${path}/`)) files.delete(name);
    },
  };
}

/** What is live, kept in memory. */
export function memoryLive(): LiveStore {
  let record: LiveRecord | null = null;
  const entries: Change[] = [];
  return {
    read: async () => record,
    change: async (expected, rollout, entry) => {
      if ((record?.revision ?? null) !== expected) return null;
      record = { rollout, revision: (expected ?? 0) + 1 };
      entries.unshift({ ...entry, revision: record.revision });
      return record;
    },
    note: async (entry) => void entries.unshift({ ...entry, revision: null }),
    history: async (limit) => ({ entries: entries.slice(0, limit), next: null }),
  };
}
