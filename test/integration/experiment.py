"""The statistics of experiments with SciPy and statsmodels: an independent implementation to compare with.

Usage: experiment.py FILE   where FILE holds JSON: {"arms": [[a, users_a, b, users_b], ...], "splits": [[a, b, share], ...],
"plans": [[baseline, target, power, alpha, users], ...]}. Prints JSON with one result for each.
"""

import json
import math
import sys
import warnings

from scipy import stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportions_ztest,
)

with open(sys.argv[1], encoding="utf-8") as file:
    data = json.load(file)


def known(value):
    """A number, or null for one that cannot be told."""
    return float(value) if math.isfinite(value) else None


def compare(a, users_a, b, users_b):
    with warnings.catch_warnings():
        # Without variance there is no z.
        warnings.simplefilter("ignore")
        z, p = proportions_ztest([b, a], [users_b, users_a])
        intervals = {
            method: [
                float(end) for end in confint_proportions_2indep(b, users_b, a, users_a, method=method, compare="diff")
            ]
            for method in ("wald", "newcomb")
        }
    return {"z": known(z), "p": known(p), **intervals}


def split(a, b, share):
    chi2, p = stats.chisquare([a, b], [(a + b) * (1 - share), (a + b) * share])
    return {"chi2": float(chi2), "p": float(p)}


def power(baseline, target, _, alpha, users):
    """What so many users an arm, and one fewer, find."""
    return [
        float(power_proportions_2indep(target - baseline, baseline, count, alpha=alpha, return_results=False))
        for count in (users, users - 1)
    ]


print(
    json.dumps(
        {
            "arms": [compare(*counts) for counts in data["arms"]],
            "splits": [split(*counts) for counts in data["splits"]],
            "powers": [power(*plan) for plan in data["plans"]],
        }
    )
)
