"""Golden loss and gradients of one training step over three corpora, by an independent autodiff.

    pip install 'jax[cpu]' numpy
    python test/oracle/corpora.py > test/fixtures/corpora.json

Three corpora of 5, 9 and 2 documents with two queries each, d = 4; here they are padded into one product with a mask, in the
engine they are three. The head is full: x·(base + Σ c_k A_k B_k) + b. A card is its description and the mean of its corpus,
centred on the means over the trained corpora; what a card does not say stands at its mean, the difference at zero. One query
has a masked document, one two relevant ones, one none. `no card` is the constant card: one head for all corpora. Written
from docs/method.md#card-features and #training-step, not from the TypeScript.
"""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
D, H, K, R, Q, TAU, PENALTY = 4, 5, 3, 2, 2, 0.05, 0.5
SIZES = [5, 9, 2]
T = len(SIZES)
SHAPES = {"normScale": (4 * D,), "normShift": (4 * D,), "hidden1": (4 * D, H), "hidden1Bias": (H,), "hidden2": (H, H), "hidden2Bias": (H,),
          "base": (D, D), "coefficients": (H, K), "coefficientsBias": (K,), "basisDown": (D, K * R), "basisUp": (K * R, D),
          "documentMap": (D, D), "descriptionMap": (D, D), "queryMap": (D, D), "bias": (D,)}
rng = np.random.default_rng(5)
unit = lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)  # the engine reads float32: both start from the same numbers
params = {n: f32(rng.normal(0, 0.4, s)) for n, s in SHAPES.items()}
params["normScale"] = f32(1 + rng.normal(0, 0.1, 4 * D))
params["base"] = f32(np.eye(D) + rng.normal(0, 0.2, (D, D)))
description = f32(unit(rng.normal(size=(T, D))))
documents = [f32(unit(rng.normal(size=(n, D)))) for n in SIZES]
x = f32(unit(rng.normal(size=(T, Q, D))))
corpus = f32(np.stack([c.mean(0) for c in documents]))
mean = {"description": f32(rng.normal(0, 0.1, D)), "queries": f32(rng.normal(0, 0.1, D)), "documents": f32(corpus.mean(0))}
masked = {(1, 0): [4]}
targets = {(0, 0): [2], (0, 1): [0], (1, 0): [3], (1, 1): [0, 8], (2, 1): [1]}  # query 0 of the last corpus has none

padded = np.zeros((T, max(SIZES), D))
mask = np.full((T, Q, max(SIZES)), -1e9)
for t, n in enumerate(SIZES):
    padded[t, :n] = documents[t]
    mask[t, :, :n] = 0
for (t, q), rows in masked.items():
    mask[t, q, rows] = -1e9


def objective(p, description, corpus):
    zero = jnp.zeros((T, D))
    z = jnp.concatenate([description, jnp.repeat(mean["queries"][None], T, 0), corpus, zero], 1)
    h = (z - z.mean(-1, keepdims=True)) / jnp.sqrt(z.var(-1, keepdims=True) + 1e-5) * p["normScale"] + p["normShift"]
    h = jax.nn.gelu(h @ p["hidden1"] + p["hidden1Bias"], approximate=True)
    h = jax.nn.gelu(h @ p["hidden2"] + p["hidden2Bias"], approximate=True)
    c = h @ p["coefficients"] + p["coefficientsBias"]
    b = (description - mean["description"]) @ p["descriptionMap"] + (corpus - mean["documents"]) @ p["documentMap"] + p["bias"]
    A, B = p["basisDown"].reshape(D, K, R), p["basisUp"].reshape(K, R, D)
    W = p["base"] + jnp.einsum("dkr,tk,kre->tde", A, c, B)
    y = jnp.einsum("tqd,tde->tqe", x, W) + b[:, None]
    y = y / jnp.linalg.norm(y, axis=-1, keepdims=True)
    logp = jax.nn.log_softmax(jnp.einsum("tqd,tnd->tqn", y, padded) / TAU + mask, -1)
    listwise = -sum(logp[t, q, r] / len(rows) for (t, q), rows in targets.items() for r in rows) / (T * Q)
    return listwise + PENALTY * ((y - x) ** 2).sum() / (T * Q)


flat = lambda v: np.asarray(v).ravel().tolist()


def case(*card):
    value, gradients = jax.value_and_grad(objective)(params, *card)
    return {"loss": float(value), "gradients": {n: flat(gradients[n]) for n in SHAPES}}


constant = [np.repeat(mean[n][None], T, 0) for n in ("description", "documents")]
json.dump({
    "shape": {"dimensions": D, "hidden": H, "basis": K, "rank": R}, "queriesPerCorpus": Q, "temperature": TAU, "penalty": PENALTY,
    "parameters": {n: flat(params[n]) for n in SHAPES}, "mean": {n: flat(mean[n]) for n in mean}, "queries": flat(x),
    "corpora": [{"documents": flat(documents[t]), "mean": flat(corpus[t]), "description": flat(description[t]),
                 "masked": [i for (c, q), rows in masked.items() if c == t for r in rows for i in (q, r)],
                 "targets": [i for (c, q), rows in targets.items() if c == t for r in rows for i in (q, r)],
                 "weights": [1 / len(rows) for (c, _), rows in targets.items() if c == t for _ in rows]} for t in range(T)],
    "task card": case(description, corpus), "no card": case(*constant),
}, sys.stdout)
