"""Golden loss and gradients of one training step, by an independent autodiff.

    pip install 'jax[cpu]' numpy
    python test/oracle/hypernetwork.py > test/fixtures/hypernetwork.json

Two tasks of three queries each over nine candidates, d = 6: small enough to print, large enough that every path carries
a gradient. The formulas are those of docs/method.md#network, written from the paper side and not from the TypeScript.
"""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
D, H, K, R, T, Q, M, TAU, PENALTY = 6, 5, 3, 2, 2, 3, 9, 0.05, 0.7
NAMES = ["normScale", "normShift", "hidden1", "hidden1Bias", "hidden2", "hidden2Bias", "coefficients", "coefficientsBias",
         "basisDown", "basisUp", "documentMap", "descriptionMap", "queryMap", "bias"]
SHAPES = [(4 * D,), (4 * D,), (4 * D, H), (H,), (H, H), (H,), (H, K), (K,), (D, K * R), (K * R, D), (D, D), (D, D), (D, D), (D,)]
rng = np.random.default_rng(7)
unit = lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)  # the engine reads float32: both start from the same numbers
params = {n: f32(rng.normal(0, 0.4, s)) for n, s in zip(NAMES, SHAPES)}
params["normScale"] = f32(1 + rng.normal(0, 0.1, 4 * D))
card = {n: f32(unit(rng.normal(size=(T, D)))) for n in ("description", "queries", "documents")}
mean = {n: f32(rng.normal(0, 0.1, D)) for n in ("description", "queries", "documents")}
x = f32(unit(rng.normal(size=(T * Q, D))))
candidates = f32(unit(rng.normal(size=(M, D))))
masked = [(0, 4), (1, 4), (2, 4), (2, 0), (5, 8)]
targets = {0: [1], 1: [0, 2, 3], 2: [5], 3: [6, 7], 5: [2]}  # query 4 has none: it costs nothing


def heads(p, card):
    z = jnp.concatenate([card["description"], card["queries"], card["documents"], 3 * (card["documents"] - card["queries"])], 1)
    h = (z - z.mean(-1, keepdims=True)) / jnp.sqrt(z.var(-1, keepdims=True) + 1e-5) * p["normScale"] + p["normShift"]
    h = jax.nn.gelu(h @ p["hidden1"] + p["hidden1Bias"], approximate=True)
    h = jax.nn.gelu(h @ p["hidden2"] + p["hidden2Bias"], approximate=True)
    c = h @ p["coefficients"] + p["coefficientsBias"]
    b = ((card["documents"] - mean["documents"]) @ p["documentMap"] + (card["description"] - mean["description"]) @ p["descriptionMap"]
         + (card["queries"] - mean["queries"]) @ p["queryMap"] + p["bias"])
    return c, b


def transform(p, card):
    c, b = heads(p, card)
    A, B = p["basisDown"].reshape(D, K, R), p["basisUp"].reshape(K, R, D)
    X = x.reshape(T, Q, D)
    y = X + jnp.einsum("tqd,dkr,tk,kre->tqe", X, A, c, B) + b[:, None]
    return (y / jnp.linalg.norm(y, axis=-1, keepdims=True)).reshape(T * Q, D)


def objective(p, card):
    y = transform(p, card)
    logits = y @ candidates.T / TAU
    for q, m in masked:
        logits = logits.at[q, m].set(-1e4)
    logp = jax.nn.log_softmax(logits, 1)
    listwise = -sum(logp[q, m] / len(ms) for q, ms in targets.items() for m in ms) / (T * Q)
    return listwise + PENALTY * ((y - x) ** 2).sum() / (T * Q)


def case(card):
    value, gradients = jax.value_and_grad(objective)(params, card)
    return {"loss": float(value), "y": np.asarray(transform(params, card)).ravel().tolist(),
            "gradients": {n: np.asarray(gradients[n]).ravel().tolist() for n in NAMES}}


constant = {n: np.repeat(mean[n][None], T, 0) for n in mean}
flat = lambda v: np.asarray(v).ravel().tolist()
json.dump({
    "shape": {"dimensions": D, "hidden": H, "basis": K, "rank": R}, "tasks": T, "queriesPerTask": Q, "temperature": TAU, "penalty": PENALTY,
    "parameters": {n: flat(params[n]) for n in NAMES}, "card": {n: flat(card[n]) for n in card}, "mean": {n: flat(mean[n]) for n in mean},
    "queries": flat(x), "candidates": flat(candidates), "masked": [i for pair in masked for i in pair],
    "targets": [i for q, ms in targets.items() for m in ms for i in (q, m)], "weights": [1 / len(ms) for ms in targets.values() for _ in ms],
    "task card": case(card), "no card": case(constant),
}, sys.stdout)
