"""Distances between two distributions, by SciPy: an independent implementation to compare with.

Usage: drift.py FILE   where FILE holds JSON: [{"reference": [counts], "current": [counts]}, ...].
Prints JSON: for each pair psi, kl, js, js_distance, tv, chi2 and df, and the quantiles that verdicts hang on.
"""

import json
import sys

import numpy
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, chi2_contingency, entropy


def smoothed(shares, empty):
    raised = numpy.where(shares == 0, empty, shares)
    return raised / raised.sum()


def measure(reference, current):
    filled = (reference + current) > 0
    reference, current = reference[filled], current[filled]
    q, p = reference / reference.sum(), current / current.sum()
    empty = 0.5 / min(reference.sum(), current.sum())
    smooth_p, smooth_q = smoothed(p, empty), smoothed(q, empty)
    distance = jensenshannon(p, q)
    contingency = chi2_contingency([reference, current], correction=False)
    return {
        "psi": entropy(smooth_p, smooth_q) + entropy(smooth_q, smooth_p),
        "kl": entropy(smooth_p, smooth_q),
        "js": distance**2,
        "js_distance": distance,
        "tv": numpy.abs(p - q).sum() / 2,
        "chi2": contingency.statistic,
        "df": contingency.dof,
    }


with open(sys.argv[1], encoding="utf-8") as file:
    pairs = json.load(file)
print(
    json.dumps(
        {
            "pairs": [measure(numpy.array(pair["reference"]), numpy.array(pair["current"])) for pair in pairs],
            "quantiles": [chi2.ppf(0.999, df) for df in range(1, 101)],
        }
    )
)
