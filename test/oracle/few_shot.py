"""Golden biases of the row `few-shot`, by an independent autodiff.

    pip install 'jax[cpu]' numpy
    python test/oracle/few_shot.py > test/fixtures/few-shot.json

Two cards over thirty documents, d = 6, one with three examples and one with two; the first query of each card owns a
document, which is no candidate for it. Written from the formula in docs/method.md#controls, not from the TypeScript.
"""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
D, DOCUMENTS, QUERIES, TAU, RATE, STEPS = 6, 30, 8, 0.05, 0.05, [3, 12]
rng = np.random.default_rng(5)
unit = lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)  # the engine reads float32
documents = f32(unit(rng.normal(size=(DOCUMENTS, D))))
queries = f32(unit(rng.normal(size=(QUERIES, D))))
own = {1: 20, 4: 7}
cards = [{"queries": [1, 2, 5], "documents": [3, 9, 14]}, {"queries": [4, 6], "documents": [28, 0]}]


def loss(b, card, penalty):
    z = queries[jnp.array(card["queries"])] + b
    y = z / jnp.linalg.norm(z, axis=1, keepdims=True)
    mask = np.zeros((len(card["queries"]), DOCUMENTS))
    for i, query in enumerate(card["queries"]):
        if query in own:
            mask[i, own[query]] = -np.inf
    logp = jax.nn.log_softmax(y @ documents.T / TAU + mask, axis=1)
    return -jnp.mean(logp[jnp.arange(len(mask)), jnp.array(card["documents"])]) + penalty * jnp.sum(b**2)


def fit(card, penalty):
    b, m, v, kept = jnp.zeros(D), jnp.zeros(D), jnp.zeros(D), []
    for t in range(1, max(STEPS) + 1):
        g = jax.grad(loss)(b, card, penalty)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        b = b - RATE * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
        if t in STEPS:
            kept.append(b.tolist())
    return kept


json.dump(
    {
        "documents": documents.tolist(), "queries": queries.tolist(), "own": own, "cards": cards, "steps": STEPS,
        "fits": [{"penalty": p, "biases": [fit(card, p) for card in cards]} for p in (0.03, 1.0)],
    },
    sys.stdout,
)
print()
