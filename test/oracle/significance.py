"""Golden values of the significance tests: scipy's paired t-test, exact and drawn permutation tests, Student quantiles, the
power of the paired t-test by the non-central t, and Holm's correction from its definition.

    pip install numpy scipy
    python test/oracle/significance.py > test/fixtures/significance.json
"""
import json
import sys

import numpy as np
from scipy import optimize, stats

rng = np.random.default_rng(7)


def permutation_p(d, draws):
    result = stats.permutation_test((d, np.zeros(len(d))), lambda a, b, axis: (a - b).mean(axis),
                                    permutation_type="samples", n_resamples=draws, alternative="two-sided",
                                    vectorized=True, rng=np.random.default_rng(1))
    return float(result.pvalue)


def exact_detectable(d):
    """The true mean at which the two-sided paired t-test at .05 has power .8."""
    n, deviation = len(d), np.std(d, ddof=1)
    bar = stats.t.ppf(0.975, n - 1)

    def power(delta):
        shift = delta / (deviation / np.sqrt(n))
        # The far tail underflows to nan in scipy; there it is 0.
        return stats.nct.sf(bar, n - 1, shift) + np.nan_to_num(stats.nct.cdf(-bar, n - 1, shift))

    return float(optimize.brentq(lambda delta: power(delta) - 0.8, 1e-9, 5 * deviation / np.sqrt(n)))


def holm(ps):
    order = np.argsort(ps, kind="stable")
    corrected = np.empty(len(ps))
    corrected[order] = np.maximum.accumulate(np.minimum(1, np.asarray(ps)[order] * (len(ps) - np.arange(len(ps)))))
    return corrected.tolist()


paired = []
for n, shift in ((2, 0.4), (5, 0.1), (12, 0.2), (16, -0.1), (20, 0.0), (50, 0.1), (300, 0.02), (2051, -0.01)):
    d = np.round(rng.normal(shift, 0.3, n), 4)
    d[rng.random(n) < 0.3] = 0  # many queries do not move at all
    paired.append({
        "differences": d.tolist(),
        "student": float(stats.ttest_rel(d, np.zeros(n)).pvalue),
        "effect": float(d.mean() / d.std(ddof=1)),
        "detectable": exact_detectable(d) if n >= 20 else None,
        "permutation": permutation_p(d, np.inf if n <= 16 else 99_999),
        "exact": n <= 16,
    })
quantiles = [{"probability": q, "degrees": k, "t": float(stats.t.ppf(q, k))}
             for q in (0.5, 0.6, 0.8, 0.95, 0.975, 0.9999) for k in (1, 2, 7, 30, 299, 5000)]
families = [{"ps": ps, "corrected": holm(ps)} for ps in (
    [0.01], [0.04, 0.01, 0.03], [0.5, 0.5, 0.9, 1.0], [0.001, 0.001, 0.2, 0.015, 0.06], np.round(rng.random(20) ** 3, 6).tolist())]
json.dump({"version": 1, "oracle": "scipy " + __import__("scipy").__version__, "paired": paired, "quantiles": quantiles,
           "families": families}, sys.stdout)
sys.stdout.write("\n")
