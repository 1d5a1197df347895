"""Tiny models whose graphs or tokenizers are not the usual ones, with reference vectors or scores.

    pip install numpy==2.4.6 onnx==1.23.2 tokenizers==0.23.3
    python test/oracle/encoders_odd.py test/fixtures/encoders/odd

half    BERT in half precision throughout, token vectors in float16; WordPiece
pooled  XLM-R whose graph gives nothing but sentence_embedding [n, width]; Unigram, as SentencePiece's are
cached  a Qwen3 that encodes: asks for a key-value cache and positions, last token; WordPiece with an end token
words   BERT with an ordinary graph and a WordLevel tokenizer
pairs   an XLM-R cross-encoder with logits in float16; Unigram, pairs of texts

Each is one layer of attention of width 16. The graphs are written node by node; what they should give comes from the same
layer in numpy (float64), head by head, from the weights as the graph holds them. `reference.json` in each folder has texts, token
ids as Python's tokenizers give them, and vectors of unit length, or pairs and their scores.
"""
import json
import pathlib
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WIDTH, HEADS, POSITIONS, MAX_TOKENS = 16, 2, 40, 24
SIZE = WIDTH // HEADS
TEXTS = [
    "the oak tree by the river", "leaves of the oak in autumn", "wood", "", "  The OAK, the ash and the elm!  ",
    "a boat on the river; the boat is old " * 6, "zebra \u4fe1\u606f", "old wood for new boats?",
]
PAIRS = [
    ("oak in autumn", "leaves of the oak in autumn"), ("old boat", "a boat on the river; the boat is old " * 6), ("wood", ""),
    ("the river " * 30, "the elm"), ("zebra", "old wood for new boats?"),
]
WORDS = "the a of in by on and is for to old new oak ash elm tree leaves river boat boats wood autumn ; , . ! ?".split()
LETTERS = [chr(c) for c in range(ord("a"), ord("y") + 1)]


def word_piece(opening, closing):
    special = ["[PAD]", "[UNK]", *opening, *closing]
    vocabulary = special + WORDS + [c for c in LETTERS if c not in WORDS] + ["##" + c for c in LETTERS]
    tokenizer = Tokenizer(models.WordPiece({token: i for i, token in enumerate(vocabulary)}, unk_token="[UNK]"))
    return finish(tokenizer, special, opening, closing)


def word_level():
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer = Tokenizer(models.WordLevel({token: i for i, token in enumerate(special + WORDS)}, unk_token="[UNK]"))
    return finish(tokenizer, special, ["[CLS]"], ["[SEP]"])


def finish(tokenizer, special, opening, closing):
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(special)
    ids = [(token, tokenizer.token_to_id(token)) for token in opening + closing]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=" ".join([*opening, "$A", *closing]), special_tokens=ids
    )
    return tokenizer


def unigram():
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    # Long pieces are likelier than their letters.
    pieces = [("\u2581" + word, -2.0 - 0.1 * i) for i, word in enumerate(WORDS)]
    pieces += [(piece, -6.0 - 0.1 * i) for i, piece in enumerate(["\u2581", "at", "oo", *LETTERS])]
    tokenizer = Tokenizer(models.Unigram([*[(one, 0.0) for one in special], *pieces], unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(special)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def make_weights(vocabulary, seed, dtype):
    random = np.random.default_rng(seed)
    normal = lambda *shape: random.normal(0, 0.4, shape).astype(dtype)
    matrices = {name: normal(WIDTH, WIDTH) for name in ("query", "key", "value", "output")}
    return {"word": normal(vocabulary, WIDTH), "position": normal(POSITIONS, WIDTH), **matrices, "score": normal(WIDTH, 1)}


def states(weights, ids, causal):
    """[tokens, width] of one text without padding, float64."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}
    x = w["word"][ids] + w["position"][: len(ids)]
    query, key, value = (x @ w[name] for name in ("query", "key", "value"))
    mixed = np.zeros_like(x)
    for head in range(HEADS):
        part = slice(head * SIZE, (head + 1) * SIZE)
        scores = query[:, part] @ key[:, part].T / np.sqrt(SIZE)
        if causal:
            scores = np.where(np.tri(len(ids), dtype=bool), scores, -np.inf)
        weight = np.exp(scores - scores.max(-1, keepdims=True))
        mixed[:, part] = weight / weight.sum(-1, keepdims=True) @ value[:, part]
    return np.tanh(x + mixed @ w["output"])


def make_graph(name, weights, kind):
    """The same for a padded batch. @param kind what it gives: tokens, pooled, scores; or cached tokens"""
    half = weights["word"].dtype == np.float16
    number, dtype = (TensorProto.FLOAT16, np.float16) if half else (TensorProto.FLOAT, np.float32)
    nodes, constants = [], dict(weights)

    def add(op, inputs, output, **attributes):
        nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def constant(name, value, dtype=np.int64):
        constants[name] = np.array(value, dtype=dtype)
        return name

    cached = kind == "cached"
    inputs = [helper.make_tensor_value_info(one, TensorProto.INT64, ["n", "l"]) for one in ("input_ids", "attention_mask")]
    length = add("Gather", [add("Shape", ["input_ids"], "shape"), constant("one", 1)], "length")
    if cached:
        positions = "position_ids"
        past = {one: f"past_key_values.0.{one}" for one in ("key", "value")}
        inputs.append(helper.make_tensor_value_info(positions, TensorProto.INT64, ["n", "l"]))
        inputs += [helper.make_tensor_value_info(one, number, ["n", HEADS, "before", SIZE]) for one in past.values()]
    else:
        positions = add("Range", [constant("zero", 0), length, "one"], "positions")
    add("Add", [add("Gather", ["word", "input_ids"], "words"), add("Gather", ["position", positions], "at")], "x")
    split, joined = constant("split", [0, 0, HEADS, SIZE]), constant("joined", [0, 0, WIDTH])
    heads = {}
    for one in ("query", "key", "value"):
        parted = add("Reshape", [add("MatMul", ["x", one], one + " x"), split], one + " parted")
        heads[one] = add("Transpose", [parted], one + " heads", perm=[0, 2, 1, 3])
    if cached:
        for one in ("key", "value"):
            heads[one] = add("Concat", [past[one], heads[one]], f"present.0.{one}", axis=2)
    keys = add("Transpose", [heads["key"]], "keys", perm=[0, 1, 3, 2])
    scale = constant("scale", 1 / np.sqrt(SIZE), dtype)
    add("Mul", [add("MatMul", [heads["query"], keys], "products"), scale], "scaled")
    # In half precision -1e9 would be no number.
    unit, far = constant("unit", 1, dtype), constant("far", -1e4, dtype)
    add("Cast", ["attention_mask"], "seen", to=number)
    add("Mul", [add("Sub", [unit, "seen"], "hidden"), far], "mask")
    scores = add("Add", ["scaled", add("Unsqueeze", ["mask", constant("axes", [1, 2])], "masks")], "scores")
    if cached:
        # Nothing sees what stands at a later position.
        row = add("Unsqueeze", [positions, constant("rows", [1, 3])], "row")
        column = add("Unsqueeze", [positions, constant("columns", [1, 2])], "column")
        add("Cast", [add("Less", [row, column], "is later")], "later", to=number)
        scores = add("Add", [scores, add("Mul", ["later", far], "causal")], "causal scores")
    add("MatMul", [add("Softmax", [scores], "attention", axis=-1), heads["value"]], "mixed")
    back = add("Reshape", [add("Transpose", ["mixed"], "back", perm=[0, 2, 1, 3]), joined], "attended")
    add("Tanh", [add("Add", ["x", add("MatMul", [back, "output"], "out")], "sum")], "last_hidden_state")
    value = lambda name, *shape: helper.make_tensor_value_info(name, number, shape)
    outputs = [value("last_hidden_state", "n", "l", WIDTH)]
    if cached:
        outputs += [value(f"present.0.{one}", "n", HEADS, "all", SIZE) for one in ("key", "value")]
    if kind == "pooled":
        weight = add("Unsqueeze", ["seen", constant("last", [2])], "weight")
        axis = constant("token axis", [1])
        sums = add("ReduceSum", [add("Mul", ["last_hidden_state", weight], "weighed"), axis], "sums", keepdims=0)
        add("Div", [sums, add("ReduceSum", [weight, axis], "tokens", keepdims=0)], "sentence_embedding")
        outputs = [value("sentence_embedding", "n", WIDTH)]
    if kind == "scores":
        first = add("Gather", ["last_hidden_state", constant("first", 0)], "opening", axis=1)
        add("MatMul", [first, "score"], "logits")
        outputs = [value("logits", "n", 1)]
    if kind != "scores":
        del constants["score"]
    held = [numpy_helper.from_array(value, key) for key, value in constants.items()]
    graph = helper.make_graph(nodes, name, inputs, outputs, held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def write_model(folder, tokenizer, graph, file, config, pooling):
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    write = lambda name, value: (folder / name).write_text(json.dumps(value) + "\n")
    save(graph, folder / "onnx" / file)
    (folder / "tokenizer.json").write_text(tokenizer.to_str() + "\n")
    write("tokenizer_config.json", {"model_max_length": MAX_TOKENS})
    write("config.json", {
        "hidden_size": WIDTH, "num_attention_heads": HEADS, "num_hidden_layers": 1, "vocab_size": tokenizer.get_vocab_size(),
        **config,
    })
    if pooling:
        (folder / "1_Pooling").mkdir(exist_ok=True)
        write("1_Pooling/config.json", {f"pooling_mode_{pooling}": True})
        kinds = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
        write("modules.json", [{"path": path, "type": f"sentence_transformers.models.{kind}"} for path, kind in kinds])
    return write


def main():
    out = pathlib.Path(sys.argv[1])
    pooled = {"mean_tokens": lambda one: one.mean(0), "lasttoken": lambda one: one[-1]}
    bert = {"model_type": "bert", "max_position_embeddings": POSITIONS, "architectures": ["BertModel"]}
    roberta = {"model_type": "xlm-roberta", "max_position_embeddings": POSITIONS + 2}
    qwen = {
        "model_type": "qwen3", "max_position_embeddings": POSITIONS, "architectures": ["Qwen3ForCausalLM"],
        "num_key_value_heads": HEADS, "head_dim": SIZE,
    }
    encoders = {
        "half": (word_piece(["[CLS]"], ["[SEP]"]), np.float16, "tokens", "model_fp16.onnx", bert, "mean_tokens"),
        "pooled": (unigram(), np.float32, "pooled", "model.onnx", {**roberta, "architectures": ["XLMRobertaModel"]}, "mean_tokens"),
        "cached": (word_piece([], ["[END]"]), np.float32, "cached", "model.onnx", qwen, "lasttoken"),
        "words": (word_level(), np.float32, "tokens", "model.onnx", bert, "mean_tokens"),
    }
    for seed, (name, (tokenizer, dtype, kind, file, config, pooling)) in enumerate(encoders.items()):
        weights = make_weights(tokenizer.get_vocab_size(), seed, dtype)
        write = write_model(out / name, tokenizer, make_graph(name, weights, kind), file, config, pooling)
        tokenizer.enable_truncation(MAX_TOKENS)
        ids = [tokenizer.encode(text.strip()).ids for text in TEXTS]
        rows = np.stack([pooled[pooling](states(weights, one, kind == "cached")) for one in ids])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        write("reference.json", {"texts": TEXTS, "ids": ids, "vectors": rows.round(7).tolist()})
    tokenizer = unigram()
    weights = make_weights(tokenizer.get_vocab_size(), 9, np.float16)
    config = {**roberta, "architectures": ["XLMRobertaForSequenceClassification"]}
    write = write_model(out / "pairs", tokenizer, make_graph("pairs", weights, "scores"), "model_fp16.onnx", config, None)
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    ids = [tokenizer.encode(query.strip(), document.strip()).ids for query, document in PAIRS]
    scores = [float(states(weights, one, False)[0] @ weights["score"].astype(np.float64)[:, 0]) for one in ids]
    write("reference.json", {"pairs": PAIRS, "maxTokens": MAX_TOKENS, "ids": ids, "scores": np.round(scores, 7).tolist()})


main()
