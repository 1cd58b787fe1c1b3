"""Computes with SciPy and statsmodels what the tests of the project's own statistics compare with.

Reads cases from standard input, a line of JSON each with its kind and what the kind needs, and
prints the result of each as a line of JSON. Needs the environment of requirements.lock.
"""

import json
import math
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint

Case = dict[str, Any]
SEED = 20260101


def wilson(case: Case) -> list[float]:
    return list(proportion_confint(case["count"], case["n"], alpha=0.05, method="wilson"))


def normal(case: Case) -> dict[str, list[float]]:
    return {
        "cdf": stats.norm.cdf(case["z"]).tolist(),
        "quantile": stats.norm.ppf(case["p"]).tolist(),
    }


def quantiles(case: Case) -> list[float]:
    return np.quantile(case["values"], case["shares"]).tolist()


def pass_at_k(case: Case) -> dict[str, float]:
    correct, n, k = case["correct"], case["n"], case["k"]
    none_right = Fraction(math.comb(n - correct, k), math.comb(n, k))
    all_right = Fraction(math.comb(correct, k), math.comb(n, k))
    return {"any": float(1 - none_right), "all": float(all_right)}


def exact_mcnemar(case: Case) -> dict[str, float]:
    lost, won = case["lost"], case["won"]
    changed = lost + won
    one_sided = {
        "drop": stats.binomtest(lost, changed, alternative="greater").pvalue,
        "rise": stats.binomtest(lost, changed, alternative="less").pvalue,
    }
    return {**one_sided, "twoSided": mcnemar([[0, lost], [won, 0]], exact=True).pvalue}


def sign_flips(case: Case) -> dict[str, float]:
    sides = {"drop": "less", "rise": "greater", "twoSided": "two-sided"}
    return {
        name: stats.permutation_test(
            (np.array(case["differences"]),),
            np.mean,
            permutation_type="samples",
            n_resamples=case["resamples"],
            alternative=alternative,
            vectorized=True,
            rng=np.random.default_rng(SEED),
            batch=1000,
        ).pvalue
        for name, alternative in sides.items()
    }


def bootstrap(case: Case) -> list[float]:
    interval = stats.bootstrap(
        (np.array(case["values"]),),
        np.mean,
        confidence_level=0.95,
        method="BCa",
        n_resamples=100_000,
        rng=np.random.default_rng(SEED),
        batch=1000,
    ).confidence_interval
    return [interval.low, interval.high]


def holm(case: Case) -> list[float]:
    return multipletests(case["ps"], method="holm")[1].tolist()


def power(case: Case) -> float:
    """Return how often a z-test of n observations of variance 1 finds a difference."""
    return NormalIndPower().power(
        effect_size=case["difference"],
        nobs1=case["n"],
        alpha=case["level"],
        ratio=0,
        alternative="larger" if case["sides"] == 1 else "two-sided",
    )


KINDS: dict[str, Callable[[Case], object]] = {
    "wilson": wilson,
    "normal": normal,
    "quantiles": quantiles,
    "passAtK": pass_at_k,
    "mcnemar": exact_mcnemar,
    "signFlips": sign_flips,
    "bootstrap": bootstrap,
    "holm": holm,
    "power": power,
}

for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(KINDS[asked["kind"]](asked)), flush=True)
