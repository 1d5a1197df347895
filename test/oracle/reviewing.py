"""Golden values of what a reviewer asks: rank-biased overlap, and the spread of scores over seeds apart from that over units.

    pip install numpy scipy
    python test/oracle/reviewing.py > test/fixtures/reviewing.json

Written from the papers (Webber, Moffat and Zobel 2010, eq. 30 in its form for lists of equal depth; Searle, Casella and McCulloch
1992, two-way crossed random model without replication), not from the TypeScript.
"""
import json
import sys

import numpy as np
from scipy import stats

rng = np.random.default_rng(7)


def rbo_ext(a, b, p):
    """Agreement at each depth by definition, summed; what lies beyond the last depth agrees as it does there."""
    k = len(a)
    agreement = [len(set(a[:d]) & set(b[:d])) / d for d in range(1, k + 1)]
    head = (1 - p) * sum(p ** (d - 1) * agreement[d - 1] for d in range(1, k + 1))
    return head + p**k * agreement[-1]


overlaps = []
for p in (0.9, 0.5):
    for _ in range(6):
        a = rng.permutation(20)[:10].tolist()
        b = a.copy()
        for _ in range(rng.integers(0, 8)):
            i, j = rng.integers(0, 10, size=2)
            b[i], b[j] = b[j], b[i]
        for i in rng.integers(0, 10, size=rng.integers(0, 4)):
            b[i] = int(100 + i)
        overlaps.append({"a": a, "b": b, "p": p, "rbo": rbo_ext(a, b, p)})


def components(y):
    """Sums of squares of a two-way table [seeds][units] by projections, one column space after the other."""
    s, u = y.shape
    one_s, one_u = np.ones((s, s)) / s, np.ones((u, u)) / u
    centre_s, centre_u = np.eye(s) - one_s, np.eye(u) - one_u
    square = lambda m: float((m**2).sum())
    ms_seed = square(centre_s @ y @ one_u) / (s - 1)
    ms_unit = square(one_s @ y @ centre_u) / (u - 1)
    ms_rest = square(centre_s @ y @ centre_u) / ((s - 1) * (u - 1))
    return ms_seed, ms_unit, ms_rest


def spread(strata):
    """Variance of the mean over strata, apart: of the seeds, of the units within strata, of both together."""
    s, t = strata[0].shape[0], len(strata)
    means = np.mean([y.mean(axis=1) for y in strata], axis=0)
    rest = [components(y)[2] / y.shape[1] / t**2 for y in strata]
    units = [max(0.0, components(y)[1] - components(y)[2]) / (s * y.shape[1]) / t**2 for y in strata]
    seeds = max(0.0, np.var(means, ddof=1) - sum(rest)) / s
    parts = np.array([seeds, sum(units), sum(rest) / s])
    n = sum(y.shape[1] - 1 for y in strata)
    df = parts.sum() ** 2 / (parts**2 / np.array([s - 1, n, (s - 1) * n])).sum()
    low, high = stats.t.interval(0.95, df, loc=means.mean(), scale=np.sqrt(parts.sum()))
    return {
        "low": float(low),
        "high": float(high),
        "mean": float(means.mean()),
        "sd": float(np.std(means, ddof=1)),
        "seeds": float(np.sqrt(seeds)),
        "units": float(np.sqrt(sum(units))),
        "both": float(np.sqrt(sum(rest) / s)),
    }


cases = []
for name, sizes, seeds, seed_sd, unit_sd, noise in [
    ("one stratum of twelve tasks, three seeds", [12], 3, 0.02, 0.1, 0.01),
    ("four tasks of a few queries, five seeds", [6, 9, 5, 7], 5, 0.01, 0.2, 0.05),
    ("seeds that differ by nothing but noise", [30], 4, 0.0, 0.1, 0.02),
    ("two seeds, one stratum", [40], 2, 0.05, 0.1, 0.02),
]:
    by_seed = rng.normal(0, seed_sd, size=seeds)
    strata = []
    for size in sizes:
        units = rng.normal(0.4, unit_sd, size=size)
        strata.append(by_seed[:, None] + units[None, :] + rng.normal(0, noise, size=(seeds, size)))
    cases.append({"name": name, "strata": [y.tolist() for y in strata], **spread(strata)})

json.dump({"overlaps": overlaps, "cases": cases}, sys.stdout)
print()
