"""A BERT small enough for a repository (width 32, two layers, random weights) with reference vectors for each pooling, prefix
and Matryoshka cut.

    pip install numpy==2.4.6 onnx==1.23.2 tokenizers==0.23.3 safetensors==0.8.0
    python test/oracle/encoders_tiny.py test/fixtures/encoders/tiny-bert

The graph is written node by node with onnx; the vectors come from a BERT in numpy (float64) that shares nothing with it but
the weights: attention head by head, erf from math, layer normalisation from its definition. Writes the
model folder and in it reference-texts.json and reference-vectors.safetensors: one tensor per case, named
`pooling+prefix+components`, [texts, components], unit rows.
"""
import json
import math
import pathlib
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WIDTH, HEADS, INNER, LAYERS, POSITIONS, EPSILON = 32, 4, 64, 2, 40, 1e-12
MAX_TOKENS = 24
PREFIXES = {"none": "", "query": "find this: ", "document": "text: "}
CUT = 12

TEXTS = [
    "the oak tree by the river",
    "leaves of the oak in autumn",
    "wood",
    "",
    "  The OAK, the ash and the elm!  ",
    "a boat on the river; the boat is old " * 6,
    "zebra",
    "search: query",
    "old wood for new boats?",
    "autumn 2026",
]
WORDS = (
    "the a of in by on and is for to old new oak ash elm tree trees leaf leaves river boat boats wood autumn spring summer "
    "winter find this text search query document : ; , . ! ?"
).split()


def make_tokenizer():
    characters = [chr(c) for c in range(ord("a"), ord("z") + 1)] + list("0123456789")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    # No "z": a word with one is unknown.
    vocabulary += [c for c in characters if c not in vocabulary and c != "z"]
    vocabulary += ["##" + c for c in characters if c != "z"]
    ids = {token: i for i, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return tokenizer


def make_weights(vocabulary):
    random = np.random.default_rng(20)
    normal = lambda *shape: random.normal(0, 0.2, shape).astype(np.float32)
    weights = {
        "word": normal(vocabulary, WIDTH), "position": normal(POSITIONS, WIDTH), "type": normal(2, WIDTH),
        "norm.scale": 1 + normal(WIDTH), "norm.shift": normal(WIDTH),
    }
    for layer in range(LAYERS):
        for name, shape in {
            "query": (WIDTH, WIDTH), "key": (WIDTH, WIDTH), "value": (WIDTH, WIDTH), "output": (WIDTH, WIDTH),
            "inner": (WIDTH, INNER), "outer": (INNER, WIDTH),
        }.items():
            weights[f"{layer}.{name}.weight"] = normal(*shape)
            weights[f"{layer}.{name}.bias"] = normal(shape[1])
        for name in ("norm1", "norm2"):
            weights[f"{layer}.{name}.scale"] = 1 + normal(WIDTH)
            weights[f"{layer}.{name}.shift"] = normal(WIDTH)
    return weights


def reference(weights, ids):
    """[tokens, width] of one text without padding, float64."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}

    def norm(x, name):
        mean = x.mean(-1, keepdims=True)
        return (x - mean) / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + EPSILON) * w[name + ".scale"] + w[name + ".shift"]

    def dense(x, name):
        return np.einsum("ti,io->to", x, w[name + ".weight"]) + w[name + ".bias"]

    x = norm(w["word"][ids] + w["position"][: len(ids)] + w["type"][0], "norm")
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        query, key, value = (dense(x, f"{layer}.{name}") for name in ("query", "key", "value"))
        mixed = np.zeros_like(x)
        for head in range(HEADS):
            part = slice(head * size, (head + 1) * size)
            scores = query[:, part] @ key[:, part].T / math.sqrt(size)
            weight = np.exp(scores - scores.max(-1, keepdims=True))
            mixed[:, part] = weight / weight.sum(-1, keepdims=True) @ value[:, part]
        x = norm(x + dense(mixed, f"{layer}.output"), f"{layer}.norm1")
        inner = dense(x, f"{layer}.inner")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = norm(x + dense(inner, f"{layer}.outer"), f"{layer}.norm2")
    return x


def make_graph(weights):
    """The same model for a padded batch, [n, l] to [n, l, width]."""
    nodes, constants = [], {name: value for name, value in weights.items()}

    def add(op, inputs, output, **attributes):
        nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def constant(name, value, dtype=np.float32):
        constants[name] = np.array(value, dtype=dtype)
        return name

    def norm(x, name):
        return add("LayerNormalization", [x, name + ".scale", name + ".shift"], name + ".out", axis=-1, epsilon=EPSILON)

    def dense(x, name):
        return add("Add", [add("MatMul", [x, name + ".weight"], name + ".product"), name + ".bias"], name + ".out")

    length = add("Gather", [add("Shape", ["input_ids"], "shape"), constant("one", 1, np.int64)], "length")
    add("Range", [constant("zero", 0, np.int64), length, "one"], "places")
    add("Add", [add("Gather", ["word", "input_ids"], "words"), add("Gather", ["position", "places"], "at")], "words+at")
    x = norm(add("Add", ["words+at", add("Gather", ["type", "token_type_ids"], "types")], "embedded"), "norm")
    seen = add("Cast", ["attention_mask"], "seen", to=TensorProto.FLOAT)
    add("Mul", [add("Sub", [constant("unit", 1.0), seen], "hidden"), constant("far", -1e9)], "far away")
    mask = add("Unsqueeze", ["far away", constant("axes", [1, 2], np.int64)], "mask")
    split = constant("split", [0, 0, HEADS, WIDTH // HEADS], np.int64)
    joined = constant("joined", [0, 0, WIDTH], np.int64)
    scale = constant("scale", 1 / math.sqrt(WIDTH // HEADS))
    for layer in range(LAYERS):
        at = lambda name: f"{layer}.{name}"
        heads = {}
        for name, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
            parted = add("Reshape", [dense(x, at(name)), split], at(name + ".parted"))
            heads[name] = add("Transpose", [parted], at(name + ".heads"), perm=order)
        product = add("MatMul", [heads["query"], heads["key"]], at("product"))
        scores = add("Add", [add("Mul", [product, scale], at("scaled")), mask], at("scores"))
        mixed = add("MatMul", [add("Softmax", [scores], at("attention"), axis=-1), heads["value"]], at("mixed"))
        back = add("Transpose", [mixed], at("back"), perm=[0, 2, 1, 3])
        attended = dense(add("Reshape", [back, joined], at("attended")), at("output"))
        x = norm(add("Add", [x, attended], at("sum1")), at("norm1"))
        inner = dense(x, at("inner"))
        erf = add("Erf", [add("Div", [inner, constant("root two", math.sqrt(2))], at("div"))], at("erf"))
        half = add("Mul", [inner, constant("half", 0.5)], at("half"))
        x = norm(add("Add", [x, dense(add("Mul", [half, add("Add", [erf, "unit"], at("1+erf"))], at("gelu")), at("outer"))], at("sum2")), at("norm2"))
    add("Identity", [x], "last_hidden_state")
    batch = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "l"]) for name in ("input_ids", "attention_mask", "token_type_ids")]
    output = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["n", "l", WIDTH])]
    graph = helper.make_graph(nodes, "tiny-bert", batch, output, [numpy_helper.from_array(v, k) for k, v in constants.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def pooled(states, pooling):
    return {"mean": states.mean(0), "cls": states[0], "last": states[-1]}[pooling]


def main():
    out = pathlib.Path(sys.argv[1])
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    (out / "1_Pooling").mkdir(exist_ok=True)
    tokenizer = make_tokenizer()
    weights = make_weights(tokenizer.get_vocab_size())
    save(make_graph(weights), out / "onnx" / "model.onnx")
    write = lambda file, value: (out / file).write_text(json.dumps(value, indent=2) + "\n")
    (out / "tokenizer.json").write_text(tokenizer.to_str() + "\n")
    write("tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 1e30})
    write("config.json", {
        "model_type": "bert", "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "intermediate_size": INNER, "max_position_embeddings": POSITIONS, "vocab_size": tokenizer.get_vocab_size(),
    })
    write("sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    write("modules.json", [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate((("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")))
    ])
    write("1_Pooling/config.json", {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True})
    write("config_sentence_transformers.json", {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"})

    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    vectors = {}
    for prefix, words in PREFIXES.items():
        states = [reference(weights, tokenizer.encode((words + text).strip()).ids) for text in TEXTS]
        for pooling in ("mean", "cls", "last"):
            for cut in (WIDTH, CUT):
                rows = np.stack([pooled(one, pooling)[:cut] for one in states])
                rows /= np.linalg.norm(rows, axis=1, keepdims=True)
                vectors[f"{pooling}+{prefix}+{cut}"] = rows.astype(np.float32)
    (out / "reference-texts.json").write_text(json.dumps({"prefixes": PREFIXES, "cut": CUT, "texts": TEXTS}, indent=2) + "\n")
    save_file(vectors, out / "reference-vectors.safetensors")
    print(tokenizer.get_vocab_size(), "tokens;", {name: rows.shape for name, rows in vectors.items()})


main()
