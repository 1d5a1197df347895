"""A static embedding model in model2vec's layout, made from the token table of a BERT encoder such as all-MiniLM-L6-v2.

    pip install numpy==2.4.6 onnx==1.23.2 tokenizers==0.23.3 safetensors==0.8.0
    python test/oracle/encoders_static.py resources/models/all-MiniLM-L6-v2 OUT
    python test/oracle/encoders_static.py resources/models/all-MiniLM-L6-v2 test/fixtures/encoders/tiny-static --fixture

The first line makes a model that can be used (30,522 tokens, 47 MB); the second one of a few hundred tokens with 48 principal
components, and reference vectors: Python's tokenizers without special tokens, [UNK] dropped, the mean in float64, unit length;
a text without a known token is zero. As model2vec does, a token of rank r in the vocabulary is weighed with log(1 + r), its
stand-in for how rare the token is; that is in the table already.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file
from tokenizers import Tokenizer

DIMENSIONS, UNKNOWN = 48, "[UNK]"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXTS = [
    "the oak tree by the river", "leaves of the oak in autumn", "wood", "", "  The OAK, the ash and the elm!  ",
    "a boat on the river; the boat is old " * 6, "\u4fe1\u606f", "caf\u00e9 d\u00e9j\u00e0 vu", "old wood for new boats?", "autumn 2026",
]


def token_table(folder):
    """[vocabulary, width] from fp32 or int8 weights."""
    for name in ("model.onnx", "model_quantized.onnx"):
        if not (folder / "onnx" / name).exists():
            continue
        graph = onnx.load(folder / "onnx" / name).graph
        values = {one.name: one for one in graph.initializer}
        for key, value in values.items():
            if key.endswith("word_embeddings.weight"):
                return numpy_helper.to_array(value).astype(np.float64)
            if key.endswith("word_embeddings.weight_quantized"):
                stem = key.removesuffix("_quantized")
                scale, zero = (numpy_helper.to_array(values[stem + end]) for end in ("_scale", "_zero_point"))
                return (numpy_helper.to_array(value).astype(np.float64) - zero) * scale
    raise SystemExit(f"no word_embeddings.weight below {folder}")


def main():
    folder, out, fixture = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), "--fixture" in sys.argv
    settings = json.loads((folder / "tokenizer.json").read_text())
    settings["truncation"] = settings["padding"] = None
    table = token_table(folder)
    if fixture:
        whole = Tokenizer.from_str(json.dumps(settings))
        kept = set(SPECIAL) | set("abcdefghijklmnopqrstuvwxyz0123456789.,;!?") | {"##s", "##ing", "##ed"}
        for text in TEXTS:
            kept |= {token for token in whole.encode(text, add_special_tokens=False).tokens if token.isascii()}
        order = [token for token, _ in sorted(settings["model"]["vocab"].items(), key=lambda item: item[1]) if token in kept]
        table = table[[settings["model"]["vocab"][token] for token in order]]
        settings["model"]["vocab"] = {token: i for i, token in enumerate(order)}
        for added in settings["added_tokens"]:
            added["id"] = order.index(added["content"])
        for special in settings["post_processor"]["special_tokens"].values() if "special_tokens" in settings["post_processor"] else []:
            special["ids"] = [order.index(token) for token in special["tokens"]]
        centred = table - table.mean(0)
        _, _, axes = np.linalg.svd(centred, full_matrices=False)
        table = centred @ axes[:DIMENSIONS].T
    table = (table * np.log(1 + np.arange(1, len(table) + 1))[:, None]).astype(np.float32)

    out.mkdir(parents=True, exist_ok=True)
    write = lambda file, value: (out / file).write_text(json.dumps(value, ensure_ascii=False) + "\n")
    save_file({"embeddings": table}, out / "model.safetensors")
    write("tokenizer.json", settings)
    write("config.json", {
        "model_type": "model2vec", "architectures": ["StaticModel"], "tokenizer_name": folder.name, "apply_zipf": True,
        "hidden_dim": table.shape[1], "normalize": True,
    })
    print(table.shape)
    if not fixture:
        return
    tokenizer = Tokenizer.from_str(json.dumps(settings))
    unknown = tokenizer.token_to_id(UNKNOWN)
    vectors = np.zeros((len(TEXTS), table.shape[1]))
    for row, text in enumerate(TEXTS):
        ids = [one for one in tokenizer.encode(text.strip(), add_special_tokens=False).ids if one != unknown]
        if ids:
            mean = table[ids].astype(np.float64).mean(0)
            vectors[row] = mean / np.linalg.norm(mean)
    write("reference-texts.json", {"texts": TEXTS})
    save_file({"vectors": vectors.astype(np.float32)}, out / "reference-vectors.safetensors")


main()
