"""Answers what bench/peers/python.ts asks, one line of JSON for one line of JSON.

{"load": folder}            reads items.f32, queries.f32, seen.i32 and shape.json of a folder
{"answer": peer}            every list of a peer: {"rows": [[...]], "scores": [[...]]}
{"time": peer, "seconds": s}
                            {"microseconds": for one list, over all of them, made again until s have passed}

A peer makes one list a call, or where shape.json says that it is a batch, all of them in one.
"""

import json
import sys
import time
from pathlib import Path

import implicit.cpu.topk
import numpy as np
from scipy.sparse import csr_matrix


class Questions:
    def __init__(self, folder):
        folder = Path(folder)
        shape = json.loads((folder / "shape.json").read_text())
        self.k, rows, factors = shape["k"], shape["rows"], shape["factors"]
        self.is_batch = shape["is_batch"]
        self.items = np.fromfile(folder / "items.f32", dtype="<f4").reshape(rows, factors)
        self.queries = np.fromfile(folder / "queries.f32", dtype="<f4").reshape(-1, factors)
        seen = np.fromfile(folder / "seen.i32", dtype="<i4")
        self.seen = np.split(seen, np.cumsum(shape["seen_counts"])[:-1])
        ones = [np.ones(len(own), dtype=np.float32) for own in self.seen]
        self.filters = [
            csr_matrix((one, own, [0, len(own)]), shape=(1, rows)) if len(own) else None
            for one, own in zip(ones, self.seen)
        ]

    def lists(self, peer):
        """Every list as (rows, scores)."""
        if self.is_batch:
            return list(zip(*getattr(self, peer + "_batch")()))
        one = getattr(self, peer)
        return [one(at) for at in range(len(self.queries))]

    def implicit_batch(self):
        return implicit.cpu.topk.topk(self.items, self.queries, self.k, num_threads=1)

    def numpy_batch(self):
        parts = [self.numpy_block(self.queries[at : at + 256]) for at in range(0, len(self.queries), 256)]
        return [np.concatenate(columns) for columns in zip(*parts)]

    def numpy_block(self, queries):
        scores = queries @ self.items.T
        best = np.argpartition(scores, -self.k, axis=1)[:, -self.k :]
        best_scores = np.take_along_axis(scores, best, axis=1)
        order = np.argsort(-best_scores, axis=1, kind="stable")
        return np.take_along_axis(best, order, axis=1), np.take_along_axis(best_scores, order, axis=1)

    def implicit(self, at):
        rows, scores = implicit.cpu.topk.topk(
            self.items, self.queries[at : at + 1], self.k, filter_query_items=self.filters[at], num_threads=1
        )
        return rows[0], scores[0]

    def numpy(self, at):
        scores = self.items @ self.queries[at]
        scores[self.seen[at]] = -np.inf
        best = np.argpartition(scores, -self.k)[-self.k :]
        best = best[np.argsort(-scores[best], kind="stable")]
        return best, scores[best]


def main():
    questions = None
    for line in sys.stdin:
        asked = json.loads(line)
        if "load" in asked:
            questions = Questions(asked["load"])
            answer = {}
        elif "answer" in asked:
            lists = questions.lists(asked["answer"])
            answer = {"rows": [rows.tolist() for rows, _ in lists], "scores": [s.tolist() for _, s in lists]}
        else:
            start = time.perf_counter()
            seconds, made = 0, 0
            while seconds < asked["seconds"]:
                made += len(questions.lists(asked["time"]))
                seconds = time.perf_counter() - start
            answer = {"microseconds": seconds * 1e6 / made}
        print(json.dumps(answer), flush=True)


main()
