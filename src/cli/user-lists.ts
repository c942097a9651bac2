import type { VerifiedArtifact } from "../artifact/verify.ts";
import { Model, type RankedList } from "../engine/model.ts";
import type { linesOf } from "../events/lines.ts";
import type { Core } from "../kernel/core.ts";
import type { Engine } from "../kernel/engine.ts";

/** A user, and what happened since the training. */
export interface ListUser {
  readonly id: string;
  /** The place in the event log that `newer` reaches to. */
  readonly lastSeq: number;
  /** Oldest first. */
  readonly newer: ReturnType<typeof linesOf>;
}

/** Item rows and scores of some users' lists, one list after another. */
export interface UserLists {
  readonly lengths: Int32Array;
  readonly rows: Int32Array;
  readonly scores: Float32Array;
  readonly steps: readonly RankedList["step"][];
}

/** Makes lists on several threads. */
export interface ListMakers {
  /** The lists of each group of users; as many groups are made at a time as there are threads. */
  make(groups: readonly (readonly ListUser[])[]): Promise<UserLists[]>;
  close(): Promise<void>;
}

export interface ListMakerOptions {
  readonly engine: Engine;
  readonly verified: VerifiedArtifact;
  /** Length of the lists. */
  readonly k: number;
  readonly threads: number;
}

export type OpenListMakers = (options: ListMakerOptions) => ListMakers;

/** Makes lists by one model, as the service would answer without filters. */
export function listMaker(
  verified: VerifiedArtifact,
  core: Core,
  k: number,
): (users: readonly ListUser[]) => UserLists {
  const model = new Model(verified, core);
  const query = { k, exclude: [], genre: [], year_min: null, year_max: null, include_seen: false, explain: false };
  const listOf = ({ id, lastSeq, newer }: ListUser): RankedList => {
    const fold = newer.length === 0 ? null : model.foldIn(id, lastSeq, newer);
    return model.recommend(id, query, fold);
  };
  return (users) => {
    const lists = users.map(listOf);
    return {
      lengths: Int32Array.from(lists, ({ ranking }) => ranking.rows.length),
      rows: Int32Array.from(lists.flatMap(({ ranking }) => [...ranking.rows])),
      // As in an answer, where -0 is 0.
      scores: Float32Array.from(lists.flatMap(({ ranking }) => Array.from(ranking.scores, (score) => score + 0))),
      steps: lists.map(({ step }) => step),
    };
  };
}
