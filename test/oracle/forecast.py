"""Golden values of a forecast: ridge regression, its penalty by cross-validation over groups, CV+ intervals, and what each row is
forecast by rows of other folds alone.

    pip install numpy
    python test/oracle/forecast.py > test/fixtures/forecast.json

Written from docs/method.md#forecast and Barber, Candès, Ramdas and Tibshirani (2021), not from the TypeScript. Ridge is solved as
least squares with the penalty as further rows.
"""
import json
import sys
from math import ceil, floor

import numpy as np

rng = np.random.default_rng(31)
PENALTIES = [1, 10, 100, 1000, 10_000]
ALPHA = 0.1


def ridge(x, y, penalty):
    mean, sd = x.mean(axis=0), x.std(axis=0)
    varies = sd > 1e-9 * np.maximum(1, np.abs(mean))
    scale = np.where(varies, sd, 1)
    z = np.where(varies, (x - mean) / scale, 0)
    p = x.shape[1]
    w = np.linalg.lstsq(np.vstack([z, np.sqrt(penalty) * np.eye(p)]), np.concatenate([y - y.mean(), np.zeros(p)]), rcond=None)[0]
    return lambda new: np.where(varies, (np.asarray(new) - mean) / scale, 0) @ w + y.mean()


def fold_numbers(groups):
    seen = list(dict.fromkeys(groups))
    count = min(20, len(seen))
    place = {g: i % count for i, g in enumerate(seen)}
    return np.array([place[g] for g in groups])


def fit(x, y, groups):
    folds = fold_numbers(groups)
    best = None
    for penalty in PENALTIES:
        models = {f: ridge(x[folds != f], y[folds != f], penalty) for f in sorted(set(folds))}
        errors = np.array([abs(y[i] - models[folds[i]](x[i])) for i in range(len(y))])
        loss = (errors**2).sum()
        if best is None or loss <= best[0]:
            best = (loss, penalty, models, errors)
    _, penalty, models, errors = best
    whole = ridge(x, y, penalty)
    n = len(y)

    def forecast(new):
        centre = np.array([models[f](new) for f in folds])
        low = np.sort(centre - errors)[max(1, floor(ALPHA * (n + 1) + 1e-9)) - 1]
        high = np.sort(centre + errors)[min(n, ceil((1 - ALPHA) * (n + 1) - 1e-9)) - 1]
        return [float(whole(new)), float(low), float(high)]

    return forecast, penalty


def cross(x, y, groups):
    folds = fold_numbers(groups)
    out = []
    for i in range(len(y)):
        rest = folds != folds[i]
        forecast, _ = fit(x[rest], y[rest], [g for g, r in zip(groups, rest) if r])
        out.append(forecast(x[i]) + [float(y[rest].mean())])
    return out


cases = []
for name, n, groups, weights, noise in [
    ("features that tell", 30, 24, [0.05, -0.02, 0.0], 0.02),
    ("features that tell nothing", 44, 22, [0.0, 0.0, 0.0], 0.05),
    ("more groups than folds, one feature that does not vary", 52, 26, [0.03, 0.0, 0.0], 0.03),
]:
    x = rng.normal(size=(n, 3))
    if "vary" in name:
        x[:, 2] = 4.0
    y = 0.04 + x @ np.array(weights) + rng.normal(0, noise, size=n)
    g = [int(i) for i in rng.permutation(np.arange(n) % groups)]
    forecast, penalty = fit(x, y, g)
    new = rng.normal(size=(3, 3))
    cases.append({
        "name": name,
        "features": x.tolist(),
        "targets": y.tolist(),
        "groups": g,
        "penalty": penalty,
        "news": [{"features": row.tolist(), "forecast": forecast(row)} for row in new],
        "cross": cross(x, y, g),
    })

json.dump({"cases": cases}, sys.stdout)
print()
