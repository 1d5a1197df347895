"""Golden outputs and gradients of every generator with every head, by an independent autodiff.

    pip install 'jax[cpu]' numpy
    python test/oracle/heads.py > test/fixtures/heads.json

Two tasks of three queries and two documents each, d = 4. The objective is a fixed linear function of the unit output rows, so
that the gradients say everything about the heads and nothing about a loss. Weights are not stored: both sides make them by
the rule of `weights`. The formulas are einsums over the whole batch, written from the definitions and not from the TypeScript.
"""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
D, H, K, R, T, Q, M, N, OUT = 4, 3, 2, 2, 2, 3, 2, 3, 3
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)  # the engine reads float32: both start from the same numbers
wave = lambda seed, n, a=0.4: f32(a * np.sin(12.9898 * (np.arange(n) + 1) + 7.8233 * seed))
unit = lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)
card = {n: f32(unit(wave(100 + i, T * D).reshape(T, D))) for i, n in enumerate(["description", "queries", "documents"])}
mean = {n: wave(110 + i, D, 0.1) for i, n in enumerate(["description", "queries", "documents"])}
x = f32(unit(wave(120, T * Q * D).reshape(T, Q, D)))
documents = f32(unit(wave(121, T * M * D).reshape(T, M, D)))
IDS = [1, -1]  # the second card's task was not trained


def weights(shapes):
    """Weight i of the j-th array is .4·sin(12.9898·(i + 1) + 7.8233·j); arrays that start at one get one added."""
    ones = ("normScale", "scale", "outputScale", "unitScale")
    return {n: f32(wave(j, int(np.prod(s))).reshape(s) + (n.split("/")[-1] in ones)) for j, (n, s) in enumerate(shapes.items())}


def seen(parts):
    kept = {n: card[n] if n in parts else np.repeat(mean[n][None], T, 0) for n in mean}
    difference = 3 * (card["documents"] - card["queries"]) * ("difference" in parts)
    z = np.concatenate([kept["description"], kept["queries"], kept["documents"], difference], 1)
    return z, {n: kept[n] - mean[n] for n in mean}


def norm(x, scale, shift):
    return (x - x.mean(-1, keepdims=True)) / jnp.sqrt(x.var(-1, keepdims=True) + 1e-5) * scale + shift


MLP = {"normScale": (4 * D,), "normShift": (4 * D,), "hidden1": (4 * D, H), "hidden1Bias": (H,), "hidden2": (H, H), "hidden2Bias": (H,)}


def mlp(p, z):
    h = jax.nn.gelu(norm(z, p["normScale"], p["normShift"]) @ p["hidden1"] + p["hidden1Bias"], approximate=True)
    return jax.nn.gelu(h @ p["hidden2"] + p["hidden2Bias"], approximate=True)


def one_hot():
    return np.array([np.eye(N)[i] if i >= 0 else np.full(N, 1 / N) for i in IDS])


def plan(generator, head, skip):
    """Which vectors hang on the code, which on the card; how the map is made. Per head: (map, outputs, vectors)."""
    outputs = OUT if head == "projection" else D
    whole = head in ("projection", "full")
    has_map = whole or head == "residual"
    vectors = {"residual": ["bias"], "full": ["bias"], "bias": ["bias"], "film": ["scale", "bias"], "projection": ["bias", "outputScale", "outputShift"]}[head]
    replaced = generator in ("basis", "low-rank", "bias")  # the skip maps stand in place of the MLP's bias

    def from_code(v):
        if generator == "constant":
            return False
        if generator == "bias":
            return v == "bias" and not skip
        if v == "bias":
            if generator == "film" and head == "projection":
                return False  # β acts after the normalisation
            return not (skip and replaced)
        return True

    shapes = {}
    code = generator != "constant" and (has_map and generator not in ("bias",) or generator in ("direct", "film") or any(map(from_code, vectors)))
    if code:
        shapes |= {"taskCodes": (N, H)} if generator == "task-id" else MLP
    scaled_map = generator == "film" and has_map and head != "projection"
    if scaled_map:
        units = D if whole else K * R
        shapes |= {"unitScaleWeights": (H, units), "unitScale": (units,)}
    if has_map:
        if whole and generator != "direct":
            shapes["base"] = (D, outputs)
        if generator in ("basis", "task-id"):
            shapes |= {"coefficients": (H, K), "coefficientsBias": (K,)}
        if generator in ("basis", "task-id") or (not whole and generator in ("film", "bias", "constant")):
            shapes |= {"basisDown": (D, K * R), "basisUp": (K * R, outputs)}
        if generator == "low-rank" or (generator == "direct" and not whole):
            shapes |= {"downWeights": (H, D * R), "down": (D, R), "upWeights": (H, R * outputs), "up": (R, outputs)}
        if generator == "direct" and whole:
            shapes |= {"mapWeights": (H, D * outputs), "map": (D, outputs)}
    for v in vectors:
        size = outputs
        if v == "bias" and skip:
            shapes |= {n: (D, size) for n in ("documentMap", "descriptionMap", "queryMap")}
        if from_code(v):
            shapes[v + "Weights"] = (H, size)
        shapes[v] = (size,)
    return shapes, vectors, from_code, code, scaled_map, has_map, whole, outputs


def transform(case, p, x):
    """Unit rows [T, n, outputs] of the case's head on x [T, n, d]."""
    generator, head, skip = case["generator"]["name"], case["head"]["name"], case["generator"]["options"]["skip"]
    _, vectors, from_code, code, scaled_map, has_map, whole, outputs = plan(generator, head, skip)
    z, centred = seen(case["conditioning"])
    h = None
    if code:
        h = one_hot() @ p["taskCodes"] if generator == "task-id" else mlp(p, z)

    made = {}
    for v in vectors:
        b = jnp.repeat(p[v][None], T, 0)
        if from_code(v):
            b = b + h @ p[v + "Weights"]
        if v == "bias" and skip:
            b = b + centred["documents"] @ p["documentMap"] + centred["description"] @ p["descriptionMap"] + centred["queries"] @ p["queryMap"]
        made[v] = b[:, None]

    if has_map:
        W = jnp.repeat(p["base"][None], T, 0) if "base" in p else jnp.zeros((T, D, outputs))
        if scaled_map:
            gamma = h @ p["unitScaleWeights"] + p["unitScale"]
            W = W * gamma[:, None] if whole else jnp.einsum("iu,tu,uo->tio", p["basisDown"], gamma, p["basisUp"])
        elif "basisDown" in p:
            c = h @ p["coefficients"] + p["coefficientsBias"] if "coefficients" in p else jnp.ones((T, K))
            A, B = p["basisDown"].reshape(D, K, R), p["basisUp"].reshape(K, R, outputs)
            W = W + jnp.einsum("ikr,tk,kro->tio", A, c, B)
        if "down" in p:
            A = (h @ p["downWeights"]).reshape(T, D, R) + p["down"]
            B = (h @ p["upWeights"]).reshape(T, R, outputs) + p["up"]
            W = W + A @ B
        if "map" in p:
            W = W + (h @ p["mapWeights"]).reshape(T, D, outputs) + p["map"]

    if head == "residual":
        y = x + case["head"]["options"].get("scale", 1) * (x @ W) + made["bias"]
    elif head == "full":
        y = x @ W + made["bias"]
    elif head == "projection":
        y = norm(x @ W + made["bias"], made["outputScale"], made["outputShift"])
    elif head == "film":
        y = x * made["scale"] + made["bias"]
    else:
        y = x + made["bias"]
    return y / jnp.linalg.norm(y, axis=-1, keepdims=True)


def record(case):
    shapes = plan(case["generator"]["name"], case["head"]["name"], case["generator"]["options"]["skip"])[0]
    if case["side"] == "separate":
        shapes = shapes | {"document/" + n: s for n, s in shapes.items()}
    params = weights(shapes)
    pull = lambda seed, y: jnp.asarray(wave(seed, y.size, 1.0).reshape(y.shape))

    def sides(p):
        out = {"queries": transform(case, p, x)}
        if case["side"] == "both":
            out["documents"] = transform(case, p, documents)
        if case["side"] == "separate":
            own = {n.removeprefix("document/"): v for n, v in p.items() if n.startswith("document/")}
            out["documents"] = transform(case, own, documents)
        return out

    def objective(p):
        return sum((y * pull(130 + i, y)).sum() for i, y in enumerate(sides(p).values()))

    value, gradients = jax.value_and_grad(objective)(params)
    flat = lambda v: [float(f"{x:.8g}") for x in np.asarray(v).ravel()]
    return case | {"value": float(value), "outputs": {n: flat(y) for n, y in sides(params).items()},
                   "gradients": {n: flat(gradients[n]) for n in shapes}}


ALL = ["description", "queries", "documents", "difference", "domain", "query type"]
GENERATORS = ["basis", "direct", "low-rank", "film", "bias", "task-id", "constant"]
HEADS = ["residual", "projection", "film", "bias", "full"]
IMPOSSIBLE = [("low-rank", "film"), ("low-rank", "bias"), ("film", "bias")]


def case(generator, head, skip, side=None, conditioning=ALL, options=None):
    options = options or ({"dimensions": OUT} if head == "projection" else {})
    side = side or ("both" if head == "projection" else "query")
    return {"generator": {"name": generator, "options": {"skip": skip}}, "head": {"name": head, "options": options}, "side": side, "conditioning": conditioning}


cases = [case(g, h, s) for g in GENERATORS for h in HEADS for s in (True, False) if (g, h) not in IMPOSSIBLE]
cases += [
    case("basis", "residual", True, side="separate"),
    case("direct", "projection", False, side="separate"),
    case("basis", "residual", True, side="both"),
    case("basis", "residual", True, conditioning=["description", "documents"]),
    case("direct", "residual", False, conditioning=["queries", "difference"]),
    case("basis", "residual", True, options={"scale": 0.5}),
]
flat = lambda v: np.asarray(v).ravel().tolist()
json.dump({
    "shape": {"dimensions": D, "hidden": H, "basis": K, "rank": R}, "tasks": N, "ids": IDS,
    "card": {n: flat(card[n]) for n in card}, "mean": {n: flat(mean[n]) for n in mean},
    "queries": flat(x), "documents": flat(documents), "impossible": IMPOSSIBLE,
    "cases": [record(c) for c in cases],
}, sys.stdout)
