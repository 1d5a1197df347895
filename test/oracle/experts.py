"""Golden gates, shares, folded heads and gradients of experts behind a card, by an independent autodiff and optimiser.

    pip install 'jax[cpu]' numpy scipy
    python test/oracle/experts.py > test/fixtures/experts.json

Eight trained cards, d = 5: families of four and three, and an ordinary collection, whose corpus is one document repeated, so
that every half of it has the same mean. Three new cards: one like a family, one like nothing, one that names its expert. The
head is full: x·(I + Σ s_e W_e) + Σ s_e b_e. Gates by scipy's L-BFGS-B. Written from docs/method.md#experts-behind-a-card, not from
the TypeScript.
"""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize

jax.config.update("jax_enable_x64", True)
D, Q, RIDGE, LEAST = 5, 2, 1e-2, 0.05
FAMILIES = ["a"] * 4 + ["b"] * 3 + ["/c"]
NAMES = ["a", "b", "/c"]
N, E = len(FAMILIES), len(NAMES) + 1  # and the shared one
rng = np.random.default_rng(3)
unit = lambda x: x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-300)
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)
kinds = {n: rng.normal(size=(2, D)) for n in NAMES}
kinds["b"] = 0.5 * kinds["a"] + 0.6 * kinds["b"]  # families alike, so that the shared gate has something to tell
draw = lambda kind, spread: [f32(unit(k + spread * rng.normal(size=D))) for k in kind]
text, corpus = (f32(np.stack(v)) for v in zip(*[draw(kinds[f], 0.7) for f in FAMILIES]))
mean_text, mean_corpus = f32(text.mean(0)), f32(corpus.mean(0))
of = np.array([NAMES.index(f) for f in FAMILIES])
middle_text, middle_corpus = (sum(X[of == e].mean(0) for e in range(len(NAMES))) / (len(NAMES) + 3) for X in (text, corpus))
ct, cc = unit(text - middle_text), unit(corpus - middle_corpus)


def near(t, c, members):
    """Means of the three highest cosines of text and of corpus."""
    return [float(np.mean(sorted(v @ x for x in X[members])[-3:])) if len(members) else 0.0 for v, X in ((t, ct), (c, cc))]


def fit(positives, negatives):
    """positives, negatives: (features, weight); each class weighs one half."""
    A = np.array([[*f, 1] for f, _ in positives + negatives])
    y = np.array([1.0] * len(positives) + [0.0] * len(negatives))
    s = np.array([w for _, w in positives + negatives])
    for k in (0, 1):
        s[y == k] *= 0.5 / s[y == k].sum()
    ridge = RIDGE * np.array([1, 1, 0])
    value = lambda w: float((s * np.logaddexp(0, (1 - 2 * y) * (A @ w))).sum() + 0.5 * (ridge * w * w).sum())
    slope = lambda w: A.T @ ((1 / (1 + np.exp(-A @ w)) - y) * s) + ridge * w
    w = minimize(value, np.zeros(3), jac=slope, method="L-BFGS-B", bounds=[(0, None), (0, None), (None, None)]).x
    free = np.flatnonzero((w > 1e-6) | (np.arange(3) == 2))
    if len(free) == 1:  # neither likeness tells members from others
        return np.array([0, 0, -30.0])
    for _ in range(50):  # polish: the optimiser stops at the precision of the value
        p = 1 / (1 + np.exp(-A @ w))
        step = np.linalg.solve(((A.T * (s * p * (1 - p))) @ A + np.diag(ridge))[np.ix_(free, free)], slope(w)[free])
        w[free] -= step
    return w


UNLIKE = ([0.0, 0.0], 1.0)
gates = []
for e, name in enumerate(NAMES):
    members = np.flatnonzero(of == e)
    if len(members) == 1:  # its text or none, over halves of its corpus that are all the same
        positives = [([1.0, 1.0], 8.0), ([0.0, 1.0], 8.0)]
    else:
        positives = [(near(ct[i], cc[i], members[members != i]), 1.0) for i in members]
    negatives = [(near(ct[i], cc[i], members), 1 / (of == o).sum()) for o in range(len(NAMES)) if o != e for i in np.flatnonzero(of == o)]
    gates.append(fit(positives, negatives + [UNLIKE]))
several = np.flatnonzero(of < 2)
positives = [(near(ct[i], cc[i], several[of[several] != of[i]]), 1 / (of == of[i]).sum()) for i in several]
gates.append(fit(positives, [(near(ct[7], cc[7], several), 1.0), UNLIKE]))
gates = np.array(gates)

new_text, new_corpus = (f32(np.stack(v)) for v in zip(draw(kinds["a"], 0.3), (unit(middle_text - ct[0] * 0.5 + rng.normal(size=D) * 0.2), unit(middle_corpus - cc.sum(0))), draw(kinds["b"], 0.5)))
named = [-1, -1, 2]
members = [np.flatnonzero(of == e) for e in range(len(NAMES))] + [several]
likeness, opened, shares = [], [], []
for t in range(3):
    v, c = unit(new_text[t] - middle_text), unit(new_corpus[t] - middle_corpus)
    own = np.array([near(v, c, m) for m in members])
    g = 1 / (1 + np.exp(-(own * gates[:, :2]).sum(1) - gates[:, 2]))
    g = np.where(g < LEAST, 0, g)
    likeness.append(own.ravel().tolist())
    opened.append(g.tolist())
    shares.append((g / max(1.0, g.sum())) if named[t] < 0 else np.eye(E)[named[t]])
shares = np.stack(shares)

params = {"expertMaps": f32(rng.normal(0, 0.4, (E, D * D))), "biasExperts": f32(rng.normal(0, 0.4, (E, D)))}
x = f32(unit(rng.normal(size=(3, Q, D))))
pull = f32(rng.normal(size=(3, Q, D)))


def outputs(p):
    W = jnp.eye(D) + jnp.einsum("te,eio->tio", shares, p["expertMaps"].reshape(E, D, D))
    y = jnp.einsum("tqi,tio->tqo", x, W) + (shares @ p["biasExperts"])[:, None]
    return y / jnp.linalg.norm(y, axis=-1, keepdims=True)


value, gradients = jax.value_and_grad(lambda p: (outputs(p) * pull).sum())(params)
fold = [{"weight": (np.eye(D) + (shares[t] @ params["expertMaps"]).reshape(D, D)).T.ravel().tolist(), "bias": (shares[t] @ params["biasExperts"]).tolist()} for t in range(3)]
flat = lambda v: np.asarray(v).ravel().tolist()
json.dump({
    "dimensions": D, "ridge": RIDGE, "least": LEAST, "families": FAMILIES, "names": NAMES, "text": flat(text), "corpus": flat(corpus),
    "mean": {"text": flat(mean_text), "corpus": flat(mean_corpus)}, "gates": flat(gates),
    "new": {"text": flat(new_text), "corpus": flat(new_corpus), "named": named, "likeness": likeness, "gates": opened, "shares": flat(shares)},
    "parameters": {n: flat(v) for n, v in params.items()}, "queries": flat(x), "pull": flat(pull), "outputs": flat(outputs(params)),
    "value": float(value), "gradients": {n: flat(v) for n, v in gradients.items()}, "fold": fold,
}, sys.stdout)
