"""The metrics of lists by their definitions, with NumPy: an independent implementation to compare with.

Usage: metrics.py FILE   where FILE holds JSON: {"k", "items", "users_of_item", "users", "genres", "lists", "taken"}.
Prints JSON: for each metric the value of every user (null where a user has none), and coverage and Gini of all.
"""

import itertools
import json
import sys

import numpy

with open(sys.argv[1], encoding="utf-8") as file:
    data = json.load(file)

k = data["k"]
taken_by = [set(taken) for taken in data["taken"]]
users_of_item = numpy.array(data["users_of_item"], dtype=numpy.float64)
information = -numpy.log2(users_of_item / data["users"])


def long_tail():
    """True for what is left when items are taken, most popular first, until they hold 80 % of the interactions."""
    order = numpy.lexsort((numpy.arange(len(users_of_item)), -users_of_item))
    held_before = numpy.concatenate(([0.0], numpy.cumsum(users_of_item[order])[:-1]))
    tail = numpy.zeros(len(users_of_item), dtype=bool)
    tail[order] = held_before >= 0.8 * users_of_item.sum()
    return tail


tail = long_tail()


def relevance(ranking, taken):
    return numpy.array([item in taken for item in ranking], dtype=numpy.float64)


def hr(ranking, taken):
    return float(relevance(ranking[:k], taken).any())


def dcg(gains):
    return float((gains / numpy.log2(numpy.arange(2, len(gains) + 2))).sum())


def ndcg(ranking, taken):
    return dcg(relevance(ranking[:k], taken)) / dcg(numpy.ones(min(k, len(taken))))


def recall(ranking, taken):
    return float(relevance(ranking[:k], taken).sum()) / min(k, len(taken))


def average_precision(ranking, taken):
    hits = relevance(ranking[:k], taken)
    precisions = numpy.cumsum(hits) / numpy.arange(1, len(hits) + 1)
    return float((precisions * hits).sum()) / min(k, len(taken))


def reciprocal_rank(ranking, taken):
    places = numpy.flatnonzero(relevance(ranking, taken))
    return 1.0 / (places[0] + 1) if len(places) else 0.0


def novelty(ranking, _):
    return float(information[ranking[:k]].mean()) if ranking else None


def long_tail_share(ranking, _):
    return float(tail[ranking[:k]].mean()) if ranking else None


def diversity(ranking, _):
    genres = [set(data["genres"][item]) for item in ranking[:k]]
    similar = [len(a & b) / len(a | b) for a, b in itertools.combinations(genres, 2) if a and b]
    return 1.0 - float(numpy.mean(similar)) if similar else None


def gini(shown):
    """Half the mean absolute difference over the mean."""
    differences = numpy.abs(shown[:, None] - shown[None, :]).mean()
    return float(differences / (2 * shown.mean()))


METRICS = {
    "hr": hr,
    "ndcg": ndcg,
    "recall": recall,
    "map": average_precision,
    "mrr": reciprocal_rank,
    "novelty": novelty,
    "longTail": long_tail_share,
    "diversity": diversity,
}
shown = numpy.bincount(
    [item for ranking in data["lists"] for item in ranking[:k]],
    minlength=len(users_of_item),
).astype(numpy.float64)
print(
    json.dumps(
        {
            "users": {
                name: [metric(ranking, taken) for ranking, taken in zip(data["lists"], taken_by)]
                for name, metric in METRICS.items()
            },
            "coverage": float((shown > 0).mean()),
            "gini": gini(shown),
        }
    )
)
