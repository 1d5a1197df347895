"""Golden numbers of score fusion: z-scores (scipy.stats.zscore), min-max over the corpus and over the union of the first 1,000
documents of each system, reciprocal rank fusion, and weights chosen on dev.

    pip install numpy scipy
    python test/oracle/fusion.py > test/fixtures/fusion.json

z-scores are over the whole row with the population's deviation. A list's missing documents stand at its lowest value; for RRF
at 0. Over the union a document at a system's lowest score of the corpus is none of its first, and what is outside the union
comes after all of it by the first system with a weight; barred documents are nowhere.
Weights: shares in steps of 1/20 (two systems) or 1/10 (three), by mean nDCG@10 with linear gain, ties of scores by
descending index, of weights by the most for the first system.
"""
import hashlib
import json
import sys

import numpy as np
from scipy.stats import zscore

rng = np.random.default_rng(23)
f32 = lambda values: np.asarray(values, np.float32)

rows = []
for n in (2, 7, 50, 400):
    dense = f32(rng.normal(0.2, 0.1, n))
    lexical = f32(np.where(rng.random(n) < 0.8, 0, rng.gamma(2, 4, n)))
    lexical[0] = 3
    rows.append({"scores": [dense.tolist(), lexical.tolist()],
                 "z-score": [zscore(r.astype(np.float64)).tolist() for r in (dense, lexical)],
                 "min-max": [((r - r.min()) / (r.max() - r.min())).tolist() for r in (dense.astype(np.float64), lexical.astype(np.float64))],
                 "fused": (zscore(dense.astype(np.float64)) * 0.7 + zscore(lexical.astype(np.float64)) * 0.3).tolist()})

size = 30
lists = []
for length in (1, 5, 12):
    documents = rng.permutation(size)[:length]
    scores = np.sort(rng.normal(0, 3, length).astype(np.float32))[::-1]
    values = {}
    full = np.full(size, 0.0)
    full[documents] = [1 / (60 + r) for r in range(1, length + 1)]
    values["rrf"] = full.tolist()
    for name, scale in (("z-score", lambda s: (s - s.mean()) / s.std()), ("corpus-min-max", lambda s: (s - s.min()) / (s.max() - s.min()))):
        scaled = scale(scores.astype(np.float64)) if length > 1 else np.zeros(1)
        full = np.full(size, scaled.min())
        full[documents] = scaled
        values[name] = full.tolist()
    lists.append({"documents": documents.tolist(), "scores": scores.tolist(), "size": size, "expected": values})


def ndcg(scores, grades, ideal):
    order = sorted(range(len(scores)), key=lambda d: (-scores[d], -d))[:10]
    gain = lambda gs: sum(max(g, 0) / np.log2(r + 2) for r, g in enumerate(gs))
    return gain([grades.get(d, 0) for d in order]) / gain(ideal[:10])


def shares(parts, steps):
    if parts == 1:
        return [[steps]]
    return [[first, *rest] for first in range(steps, -1, -1) for rest in shares(parts - 1, steps - first)]


def first(scores, allowed, depth=1000):
    low = scores[allowed].min()
    order = sorted((d for d in np.flatnonzero(allowed) if scores[d] > low), key=lambda d: (-scores[d], -d))
    return set(order[:depth])


def by_union(systems, weights, barred):
    """Ranking of all documents, best first, and the fused scores of those in the union."""
    taken = [(s.astype(np.float64), w) for s, w in zip(systems, weights) if w > 0]
    allowed = np.ones(len(systems[0]), bool)
    allowed[list(barred)] = False
    union = sorted(set().union(*(first(s, allowed) for s, _ in taken)))
    fused = np.zeros(len(union))
    for s, w in taken:
        part = s[union]
        if part.max() > part.min():
            fused += w * (part - part.min()) / (part.max() - part.min())
    inside = sorted(range(len(union)), key=lambda i: (-fused[i], -union[i]))
    outside = sorted((d for d in np.flatnonzero(allowed) if d not in set(union)), key=lambda d: (-taken[0][0][d], -d))
    return [union[i] for i in inside] + outside, dict(zip(union, fused)), len(union)


choices = []
for systems, noise in ((2, (0.6, 1.2)), (2, (0.5, 50.0)), (3, (0.8, 0.9, 9.0)), (2, (30.0, 0.4))):
    queries = []
    for _ in range(12):
        truth = rng.normal(0, 1, 40)
        relevant = rng.permutation(40)[:3]
        truth[relevant] += 2
        grades = {int(d): float(g) for d, g in zip(relevant, (1, 2, 1))}
        scored = [f32(zscore(truth + rng.normal(0, s, 40))) for s in noise]
        queries.append((scored, grades, sorted(grades.values(), reverse=True)))
    best = (-1.0, None)
    steps = 20 if systems == 2 else 10
    for counts in shares(systems, steps):
        weights = [c / steps for c in counts]
        value = float(np.mean([ndcg(sum(w * r.astype(np.float64) for w, r in zip(weights, scored)), g, i) for scored, g, i in queries]))
        if value > best[0] + 1e-9 / len(queries):
            best = (value, weights)
    choices.append({"queries": [{"rows": [r.tolist() for r in scored], "grades": [[d, v] for d, v in g.items()], "ideal": i} for scored, g, i in queries],
                    "value": best[0], "weights": best[1]})

def uniform(seed, n):
    """[0, 1) by a linear congruential generator (Numerical Recipes), so that the fixture needs no list of numbers."""
    values, state = [], seed
    for _ in range(n):
        state = (1664525 * state + 1013904223) % 2**32
        values.append(state / 2**32)
    return np.array(values)


unions = []
for seed, n, matching, share in ((1, 6, 0.5, 0.3), (2, 300, 0.1, 0.1), (3, 2600, 0.1, 0.3), (4, 2600, 0.1, 0.0), (5, 2600, 0.1, 1.0), (6, 4000, 0.6, 0.05)):
    dense = f32(uniform(seed, n) - 0.3)
    words = uniform(seed + 100, n)
    lexical = f32(np.where(words < matching, 20 * words / matching, 0))
    barred = [0] if n > 6 else []
    ranking, fused, size = by_union((dense, lexical), (1 - share, share), barred)
    unions.append({"seed": seed, "documents": n, "matching": matching, "share": share, "barred": barred, "union": size, "first": [int(d) for d in ranking[:20]],
                   "fused": [fused[d] for d in ranking[:20] if d in fused],
                   "sha256": hashlib.sha256(",".join(map(str, map(int, ranking))).encode()).hexdigest()})
json.dump({"rows": rows, "lists": lists, "choices": choices, "unions": unions}, sys.stdout)
