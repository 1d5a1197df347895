"""Golden values and gradients of the training losses and of a whole objective, by an independent autodiff.

    pip install 'jax[cpu]' numpy
    python test/oracle/losses.py > test/fixtures/losses.json

Two tasks of three queries each over twelve documents, d = 4. The awkward members: query 4 has nothing to learn, documents 2
and 9 are the same vector, some candidates are masked for some queries, a pair has no confidence and one the wrong order,
lists have different lengths. `frozen`: documents as they are; gradient with respect to the queries. `conditioned`: each
task's documents are d·M_t; gradients with respect to queries and M. Written from the formulas, not from the TypeScript.
"""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
T, Q, D, DOCS, TAU, SCALE, TEACHER_TAU = 2, 3, 4, 12, 0.05, 0.1, 0.5
N = T * Q
rng = np.random.default_rng(11)
unit = lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)  # the engine reads float32: both start from the same numbers
y = f32(unit(rng.normal(size=(N, D))))
documents = f32(unit(rng.normal(size=(DOCS, D))))
documents[9] = documents[2]
maps = f32(np.eye(D) + rng.normal(0, 0.3, (T, D, D)))

softmax = {
    "candidates": [7, 2, 0, 9, 11, 4, 5],
    "masked": [(0, 4), (1, 1), (3, 6), (3, 0), (5, 3)],
    "targets": [(0, 0, 1.0), (1, 2, 0.25), (1, 5, 0.75), (2, 3, 1.0), (3, 1, 0.5), (3, 3, 0.5), (5, 6, 1.0)],
}
contrast = {
    "candidates": [1, 9, 3, 2, 8, 10],
    "masked": [(0, 1), (2, 5), (3, 3)],
    "targets": [(0, 0, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 1, 1.0), (5, 4, 1.0)],
}
pairs = [  # query, better, worse, confidence, margin
    (0, 7, 1, 1.0, 1.5), (0, 7, 2, 0.25, 0.5), (0, 3, 2, 0.0, 0.0), (1, 2, 9, 0.8, 0.0), (2, 9, 4, 0.5, 2.25),
    (3, 0, 11, 0.9, 1.0), (3, 11, 0, 0.1, -1.0), (5, 6, 8, 0.75, 0.125),
]
lists = [[(7, 1.5), (1, 0.25), (2, 0.0), (9, 0.0), (4, -1.75)], [(2, 1.0), (9, 1.0), (3, -2.0)], [(5, 0.0)],
         [(0, 0.5), (11, 0.25), (10, -0.75)], [], [(6, 2.0), (8, -2.0)]]


def scores(y, maps):
    own = jnp.stack([documents @ maps[q // Q] for q in range(N)])  # [N, DOCS, D]
    return jnp.einsum("nd,nmd->nm", y, own)


def cross_entropy(s, case):
    rows = [0.0] * N
    for q in range(N):
        allowed = [m for m in range(len(case["candidates"])) if (q, m) not in case["masked"]]
        logits = {m: s[q, case["candidates"][m]] / TAU for m in allowed}
        norm = jax.scipy.special.logsumexp(jnp.stack(list(logits.values())))
        for r, m, weight in case["targets"]:
            if r == q:
                rows[q] = rows[q] - weight * (logits[m] - norm)
    return jnp.stack([jnp.asarray(row, float) for row in rows])


def per_pair(s, term):
    rows = [0.0] * N
    counts = [sum(p[0] == q for p in pairs) for q in range(N)]
    for q, better, worse, confidence, margin in pairs:
        rows[q] = rows[q] + term(s[q, better] - s[q, worse], confidence, margin) / counts[q]
    return jnp.stack([jnp.asarray(row, float) for row in rows])


def kl(s):
    rows = []
    for q, places in enumerate(lists):
        if not places:
            rows.append(jnp.asarray(0.0))
            continue
        teacher = jax.nn.log_softmax(jnp.array([t for _, t in places]) / TEACHER_TAU)
        student = jax.nn.log_softmax(jnp.stack([s[q, d] for d, _ in places]) / TAU)
        rows.append(jnp.sum(jnp.exp(teacher) * (teacher - student)))
    return jnp.stack(rows)


log_sigmoid = lambda x: -jnp.logaddexp(0.0, -x)
LOSSES = {
    "listwise": lambda s: cross_entropy(s, softmax),
    "infonce": lambda s: cross_entropy(s, contrast),
    "pairwise": lambda s: per_pair(s, lambda x, c, _: -c * log_sigmoid(x / TAU)),
    "pairwise unweighted": lambda s: per_pair(s, lambda x, c, _: -log_sigmoid(x / TAU)),
    "margin-mse": lambda s: per_pair(s, lambda x, _, m: (x - SCALE * m) ** 2),
    "kl-distillation": kl,
}
LOSSES["sum"] = lambda s: LOSSES["listwise"](s) + 0.5 * LOSSES["pairwise"](s) + 2 * LOSSES["kl-distillation"](s)
flat = lambda v: np.asarray(v).ravel().tolist()
same = jnp.stack([jnp.eye(D)] * T)


def case(rows):
    frozen, conditioned = lambda y: rows(scores(y, same)).mean(), lambda y, m: rows(scores(y, m)).mean()
    value, dy = jax.value_and_grad(frozen)(y)
    moved, (my, mm) = jax.value_and_grad(conditioned, (0, 1))(y, maps)
    return {
        "frozen": {"value": float(value), "rows": flat(rows(scores(y, same))), "queries": flat(dy)},
        "conditioned": {"value": float(moved), "rows": flat(rows(scores(y, maps))), "queries": flat(my), "maps": flat(mm)},
    }


def objective():
    """A linear 'network' y = normalize(x·W_t) whose W_t is the card: null card on task 1, wrong card on task 0."""
    x = f32(unit(rng.normal(size=(N, D))))
    weight = f32(rng.normal(0, 0.3, (D, D)))
    card = f32(unit(rng.normal(size=(T, D))))
    null, wrong = f32(unit(rng.normal(size=D))), f32(unit(rng.normal(size=D)))
    identity, null_penalty, margin, strength = 0.3, 5.0, 0.4, 0.5

    def forward(w, cards, x):  # f(x) = normalize(x + z·W)
        moved = x + jnp.repeat(cards @ w, Q, 0)[: len(x)]
        return moved / jnp.linalg.norm(moved, axis=-1, keepdims=True)

    def total(w, with_null, with_wrong):
        cards = jnp.stack([card[0], null if with_null else card[1]])
        f = forward(w, cards, x)
        s = f @ documents.T
        live = [q for q in range(N) if not (with_null and q >= Q)]
        rows = cross_entropy(s, softmax)
        out = sum(rows[q] for q in live) / N
        for q in range(N):
            out += (identity if q in live else null_penalty) * ((f[q] - x[q]) ** 2).sum() / N
        if with_wrong:
            under = forward(w, jnp.stack([wrong]), x[:Q]) @ documents.T
            for q, m, share in softmax["targets"]:
                if q < Q:
                    r = softmax["candidates"][m]
                    out += strength * share * jnp.maximum(0, margin - (s[q, r] - under[q, r])) / N
        return out

    results = {}
    for name, flags in {"plain": (False, False), "null": (True, False), "wrong": (False, True), "both": (True, True)}.items():
        value, gradient = jax.value_and_grad(total)(weight, *flags)
        results[name] = {"value": float(value), "gradient": flat(gradient)}
    return {"x": flat(x), "weight": flat(weight), "card": flat(card), "null": flat(null), "wrong": flat(wrong), "identity": identity,
            "nullPenalty": null_penalty, "margin": margin, "strength": strength, "results": results}


length = max(map(len, lists))
padded = [[*places, *[(-1, 0.0)] * (length - len(places))] for places in lists]
split = lambda c: {"candidates": c["candidates"], "masked": flat(c["masked"]), "targets": [i for q, m, _ in c["targets"] for i in (q, m)],
                   "weights": [w for _, _, w in c["targets"]]}
column = lambda i: [p[i] for p in pairs]
json.dump({
    "tasks": T, "queriesPerTask": Q, "dimensions": D, "temperature": TAU, "queries": flat(y), "documents": flat(documents), "maps": flat(maps),
    "softmax": split(softmax), "contrast": split(contrast),
    "pairs": dict(zip(["queries", "better", "worse", "confidence", "margins"], map(column, range(5)))),
    "lists": {"length": length, "documents": [d for places in padded for d, _ in places], "scores": [s for places in padded for _, s in places]},
    "losses": {name: case(rows) for name, rows in LOSSES.items()}, "objective": objective(),
}, sys.stdout)
