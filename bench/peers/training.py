"""Trains what bench/peers/training.ts asks for with implicit, one line of JSON for one line of JSON.

{"load": folder}            reads indptr.i32, index.i32 and shape.json: who took what
{"fit": factors, "threads": n, "iterations": n}
                            {"seconds": of fit(), "loss": of what it came to}
{"loss": folder}            {"loss": of users.f32 and items.f32}

A pair that was observed has the confidence 2. The loss is implicit's own (implicit.cpu._als.calculate_loss).
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from implicit.cpu._als import calculate_loss
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix

CONFIDENCE = 2
REGULARIZATION = 0.01


def load(folder):
    shape = json.loads((folder / "shape.json").read_text())
    index = np.fromfile(folder / "index.i32", dtype="<i4")
    indptr = np.fromfile(folder / "indptr.i32", dtype="<i4")
    confidence = np.full(len(index), CONFIDENCE, dtype=np.float32)
    return csr_matrix((confidence, index, indptr), shape=(shape["users"], shape["items"]))


def fit(taken, asked):
    model = AlternatingLeastSquares(
        factors=asked["fit"],
        regularization=REGULARIZATION,
        alpha=1.0,
        iterations=asked["iterations"],
        num_threads=asked["threads"],
        random_state=1,
    )
    start = time.perf_counter()
    model.fit(taken, show_progress=False)
    seconds = time.perf_counter() - start
    loss = calculate_loss(taken, model.user_factors, model.item_factors, REGULARIZATION, num_threads=0)
    return {"seconds": seconds, "loss": loss}


def loss_of(taken, folder):
    users = np.fromfile(folder / "users.f32", dtype="<f4").reshape(taken.shape[0], -1)
    items = np.fromfile(folder / "items.f32", dtype="<f4").reshape(taken.shape[1], -1)
    return {"loss": calculate_loss(taken, users, items, REGULARIZATION, num_threads=0)}


def main():
    taken = None
    for line in sys.stdin:
        asked = json.loads(line)
        if "load" in asked:
            taken = load(Path(asked["load"]))
            answer = {}
        elif "fit" in asked:
            answer = fit(taken, asked)
        else:
            answer = loss_of(taken, Path(asked["loss"]))
        print(json.dumps(answer), flush=True)


main()
