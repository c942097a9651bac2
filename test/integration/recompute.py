"""Reads a model with other people's tools and computes its users and their scores again, in float64.

Usage: recompute.py FOLDER USER_ROW...   Prints JSON: for each user row the scores of all items from the stored
factors, and those of factors solved from the history by the normal equations of Rendle et al. 2021 (arXiv 2110.14037).
"""

import json
import sys

import numpy
from safetensors import safe_open
from safetensors.numpy import load_file

folder, *user_rows = sys.argv[1:]
model = load_file(f"{folder}/model.safetensors")
history = load_file(f"{folder}/history.safetensors")
with safe_open(f"{folder}/model.safetensors", framework="numpy") as file:
    settings = file.metadata()
with safe_open(f"{folder}/history.safetensors", framework="numpy") as file:
    rule = file.metadata()

assert rule["weight_rule"] == "binary", rule
items = model["item_factors"].astype(numpy.float64)
gramian = items.T @ items
alpha = float(settings["unobserved_weight"])
ridge = float(settings["regularization"])
exponent = float(settings["regularization_exponent"])


def solve(row):
    begin, end = history["indptr"][row : row + 2]
    seen = items[history["item"][begin:end]]
    penalty = ridge * (len(seen) + alpha * len(items)) ** exponent
    matrix = alpha * gramian + seen.T @ seen + penalty * numpy.eye(items.shape[1])
    return numpy.linalg.solve(matrix, seen.sum(axis=0))


popularity = numpy.bincount(history["item"], minlength=len(items))
print(
    json.dumps(
        {
            "format": [settings["format"], rule["format"]],
            "shapes": {name: list(tensor.shape) for name, tensor in model.items()},
            "gramian_error": float(numpy.abs(gramian - model["item_gramian"]).max()),
            "popularity_agrees": bool((popularity == model["popularity"]).all()),
            "users": [
                {
                    "row": row,
                    "stored": (items @ model["user_factors"][row].astype(numpy.float64)).tolist(),
                    "solved": (items @ solve(row)).tolist(),
                }
                for row in map(int, user_rows)
            ],
        }
    )
)
