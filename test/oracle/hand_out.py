"""Golden values of what is handed out: the interval of each head's lead over frozen and the head that is chosen by it, alone and
with a share of BM25, and part of a head folded to one matrix and one vector.

    pip install numpy scipy
    python test/oracle/hand_out.py > test/fixtures/hand-out.json

Written from docs/method.md#what-is-handed-out, not from the TypeScript. Intervals are scipy's.
"""
import json
import sys

import numpy as np
from scipy import stats

rng = np.random.default_rng(22)
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)  # the engine reads float32


def interval(d):
    """Mean and the ends of its 95 % interval by Student's t."""
    low, high = stats.t.interval(0.95, len(d) - 1, loc=np.mean(d), scale=stats.sem(d))
    return [float(np.mean(d)), float(low), float(high)]


def choose(heads, units):
    """heads [h][tasks][queries], frozen first; units: what an interval is over, of one head's differences."""
    leads = [interval(units([a - b for a, b in zip(head, heads[0])])) for head in heads[1:]]
    lows = [0.0] + [low for _, low, _ in leads]
    return {"leads": leads, "chosen": int(np.argmax(lows)) if max(lows) > 0 else 0}


def scores(tasks, gains, spread):
    frozen = [rng.uniform(0.1, 0.6, size=n) for n in tasks]
    return [frozen] + [[x + gain + rng.normal(0, spread, size=len(x)) for x in frozen] for gain in gains]


def case(name, tasks, gains, spread, clusters=None):
    heads = scores(tasks, gains, spread)
    if clusters is None:
        result = choose(heads, lambda d: d[0])
    else:
        groups = sorted(set(clusters))
        result = choose(heads, lambda d: [np.mean([np.mean(x) for x, c in zip(d, clusters) if c == g]) for g in groups])
    return {"name": name, "clusters": clusters, "heads": [[list(x) for x in head] for head in heads], **result}


cases = [
    case("one task, a head that gains", [60], [0.02, 0.08, 0.05], 0.1),
    case("one task, nothing but noise", [12], [0.01, 0.02, -0.01], 0.3),
    case("one task, a head of less gain and far less doubt", [25], [0.06, 0.04], 0.01),
    case("twelve tasks in nine clusters", [5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8], [0.03, 0.06], 0.1,
         [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8]),
]
# The gain of the third is 0.06 in the mean with a spread that its interval does not survive.
wide = scores([25], [0.04], 0.01)
wide.insert(1, [wide[0][0] + 0.06 + rng.normal(0, 0.15, size=25)])
cases.append({"name": "more in the mean, less at the lower end", "clusters": None,
              "heads": [[list(x) for x in head] for head in wide], **choose(wide, lambda d: d[0])})

d, n = 7, 5
x = rng.normal(size=(n, d))
x = f32(x / np.linalg.norm(x, axis=1, keepdims=True))
W, b = f32(np.eye(d) + 0.4 * rng.normal(size=(d, d))), f32(0.3 * rng.normal(size=d))
blends = []
for g in (0.0, 0.25, 0.5, 0.75, 1.0):
    y = x + g * (x @ W.T + b - x)
    blends.append({"strength": g, "outputs": (y / np.linalg.norm(y, axis=1, keepdims=True)).tolist()})


def pair_case(name, gains, spread, beside_gains, beside_spread):
    """Heads on 30 queries, each alone and beside BM25 at shares of .2 and .4: the pair that leads most surely, among the frozen
    encoder and the heads that alone lead surely."""
    heads = scores([30], gains, spread)
    frozen = heads[0][0]
    beside = [[frozen + gain + rng.normal(0, beside_spread, size=30) for gain in of_head] for of_head in beside_gains]
    low = lambda x: interval(x - frozen)[1]
    chosen, floor = (0, 0), 0.0
    for h, (head,) in enumerate(heads):
        sure = h == 0 or low(head) > 0
        for s, x in enumerate([head, *(beside[h] if sure else [])]):
            if (h, s) != (0, 0) and low(x) > floor:
                chosen, floor = (h, s), low(x)
    return {"name": name, "heads": [[list(x) for x in head] for head in heads],
            "beside": [[list(x) for x in of_head] for of_head in beside],
            "sure": [h for h, (head,) in enumerate(heads) if h == 0 or low(head) > 0], "chosen": chosen}


pairs = [
    pair_case("a part is surer alone, the whole beside BM25", [0.03, 0.04], 0.02,
              [[0.01, 0.0], [0.04, 0.035], [0.08, 0.07]], 0.03),
    pair_case("BM25 adds nothing to a head", [0.03, 0.06], 0.03, [[0.0, -0.02], [0.02, 0.0], [0.04, 0.01]], 0.04),
    pair_case("no head is sure, BM25 is", [0.005, -0.01], 0.1, [[0.05, 0.03], [0.2, 0.2], [0.2, 0.2]], 0.05),
    pair_case("nothing is sure", [0.0, 0.005], 0.2, [[0.0, -0.03], [0.1, 0.1], [0.1, 0.1]], 0.2),
]

json.dump({"cases": cases, "pairs": pairs, "blend": {"weight": W.tolist(), "bias": b.tolist(), "vectors": x.tolist(), "blends": blends}},
          sys.stdout)
print()
