"""Answers what bench/peers/python.ts asks, one line of JSON for one line of JSON.

{"load": folder}            reads items.f32, queries.f32, seen.i32 and shape.json of a folder
{"answer": peer}            every list of a peer: {"rows": [[...]], "scores": [[...]]}
{"time": peer}              {"microseconds": for one list, over all of them}
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
        self.items = np.fromfile(folder / "items.f32", dtype="<f4").reshape(rows, factors)
        self.queries = np.fromfile(folder / "queries.f32", dtype="<f4").reshape(-1, factors)
        seen = np.fromfile(folder / "seen.i32", dtype="<i4")
        self.seen = np.split(seen, np.cumsum(shape["seen_counts"])[:-1])
        ones = [np.ones(len(own), dtype=np.float32) for own in self.seen]
        self.filters = [
            csr_matrix((one, own, [0, len(own)]), shape=(1, rows)) if len(own) else None
            for one, own in zip(ones, self.seen)
        ]

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
            peer = getattr(questions, asked["answer"])
            lists = [peer(at) for at in range(len(questions.queries))]
            answer = {"rows": [rows.tolist() for rows, _ in lists], "scores": [s.tolist() for _, s in lists]}
        else:
            peer = getattr(questions, asked["time"])
            start = time.perf_counter()
            for at in range(len(questions.queries)):
                peer(at)
            answer = {"microseconds": (time.perf_counter() - start) * 1e6 / len(questions.queries)}
        print(json.dumps(answer), flush=True)


main()
