"""Compiles a task card into a head and sends a query through it, with an exported compiler and nothing of the workbench.

    pip install numpy onnxruntime tokenizers
    python compile_card.py RUN-compiler card.json "where do boats lie?" --documents documents.npy

The folder is what `hydra export RUN --format compiler` wrote. documents.npy: float32 [n, d], the unit vectors of your index,
from the encoder in the folder; `--corpus ID` instead for a corpus that the run was trained on. The answer is one line of JSON:
`vector` is what to ask the index for, `bm25` the share of BM25 in the ranking, `experts` how much of the head each made.
"""
import argparse
import base64
import json
import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer


def open_encoder(folder, about):
    """Text to unit vector, one text at a time: a batch's scale of dynamic int8 weights is that of all its texts."""
    if about["graph"] is None:
        raise ValueError("expected a compiler with its encoder, got one that was exported with encoder=named")
    session = onnxruntime.InferenceSession(str(folder / about["graph"]))
    names = [value.name for value in session.get_inputs()]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(about["maxTokens"])

    def embed(text, role):
        text = about["prefixes"][role] + text.strip()
        tokens = tokenizer.encode(text.lower() if about["lowerCase"] else text)
        values = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
            "position_ids": list(range(len(tokens.ids))),
        }
        return session.run(["sentence_embedding"], {name: np.array([values[name]]) for name in names})[0][0]

    return embed


def open_corpus(about, corpus, documents):
    """Mean document and mean query of the corpus, and its vectors where they are at hand."""
    corpora, other = about["corpora"], about["otherCorpora"]
    if corpus is None and documents is None and len(corpora) == 1:
        corpus = next(iter(corpora))
    own = None if documents is None else np.load(documents)
    if own is not None and (own.ndim != 2 or own.shape[1] != about["encoder"]["dimensions"]):
        raise ValueError(f"{documents}: expected float32 [n, {about['encoder']['dimensions']}], got {list(own.shape)}")
    known = corpora.get(corpus)
    trained = f"--corpus as one of {', '.join(list(corpora)[:3])}{' …' if len(corpora) > 3 else ''}"
    if known is None and (corpus is not None or own is None):
        raise ValueError(f"expected --documents, or {trained}, got {corpus or 'neither'}")
    if known is None and other is None:
        raise ValueError(f"expected {trained}: the network knows no other, got documents of another")

    def decode(text):
        return np.frombuffer(base64.b64decode(text), "<f4")

    mean = own.mean(axis=0) if known is None else decode(known["documents"])
    return mean, decode((known or other)["queries"]), own


def compile_card(folder, about, card, embed, corpus, documents):
    """What the graph makes of a card: its outputs by name."""
    mean, query_mean, own = open_corpus(about, corpus, documents)
    fields = {name: value.strip() for name, value in card.items() if isinstance(value, str) and value.strip()}
    # Parts of the text whose field the card has.
    parts = [part for part in about["card"]["text"] if set(re.findall(r"\{(\w+)\}", part)) <= set(fields)]
    description = embed(" ".join(part.format(**fields) for part in parts), "query")
    examples = card.get("examples", [])

    def shown(field):
        return np.mean([embed(example[field], field) for example in examples], axis=0) if examples else mean * 0

    given = {
        "description": description,
        "queries": shown("query"),
        "documents": shown("document"),
        "corpus": mean,
        "query_mean": query_mean,
        "examples": np.array([len(examples)]),
    }
    if own is not None:
        given["nearest"] = own[np.argsort(-(own @ description), kind="stable")[: about["nearestDocuments"]]].mean(axis=0)
    feeds = {}
    for value in about["inputs"]:
        needed = value["cards"] == "all" or (value["cards"] == "with examples") == bool(examples)
        if value["name"] not in given and needed:
            raise ValueError("expected --documents: a card like this is compiled with what of the corpus is nearest, got none")
        feeds[value["name"]] = np.reshape(given.get(value["name"], mean * 0), value["shape"]).astype(np.float32)
    session = onnxruntime.InferenceSession(str(folder / about["graph"]))
    names = [value.name for value in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("card", type=Path)
    parser.add_argument("query")
    parser.add_argument("--corpus", help="id of a trained corpus")
    parser.add_argument("--documents", help=".npy with the vectors of your index")
    given = parser.parse_args()
    about = json.loads((given.folder / "compiler.json").read_text(encoding="utf-8"))
    embed = open_encoder(given.folder, about["encoder"])
    card = json.loads(given.card.read_text(encoding="utf-8"))
    made = compile_card(given.folder, about, card, embed, given.corpus, given.documents)
    y = made["W"] @ embed(given.query, "query") + made["b"]
    if "norm_scale" in made:
        y = (y - y.mean()) / np.sqrt(y.var() + 1e-5) * made["norm_scale"] + made["norm_shift"]
    experts = dict(zip(about["experts"], made["shares"].tolist())) if "shares" in made else None
    bm25 = float(made["bm25_share"][0]) if "bm25_share" in made else 0
    print(json.dumps({"experts": experts, "bm25": bm25, "vector": (y / np.linalg.norm(y)).tolist()}))


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(str(error))
