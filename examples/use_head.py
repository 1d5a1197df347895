"""Sends query vectors through an exported head, with numpy and safetensors and nothing of the workbench.

    pip install numpy safetensors
    python examples/use_head.py heads/scifact-scifact-safetensors/scifact-scifact.safetensors queries.npy adapted.npy

queries.npy: float32 [n, d], unit rows, from the encoder that the head names (it is printed). With sentence-transformers:

    np.save("queries.npy", SentenceTransformer(ENCODER).encode(texts, normalize_embeddings=True))

adapted.npy: float32 [n, outputs], unit rows: ask your index for these. Documents stay as they are, unless the head was
trained with --side both or separate: then it says so, and --documents sends document vectors through their part of it.
"""
import argparse
import sys

import numpy as np
from safetensors import SafetensorError, safe_open

UNIT_TOLERANCE = 1e-3


def load_head(path, prefix=""):
    """The tensors under `prefix` ("" for queries, "documents." for documents), and the file's metadata."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        names = set(file.keys())
        if metadata.get("format") != "hydra-head" or "W" not in names:
            raise ValueError(f"{path}: expected a head that `hydra export` wrote, got tensors {sorted(names)}")
        if prefix + "W" not in names:
            raise ValueError(f"{path}: the head does not change documents; index their vectors as they are")
        wanted = [name for name in ("W", "b", "norm.scale", "norm.shift") if prefix + name in names]
        head = {name: file.get_tensor(prefix + name) for name in wanted}
    if not prefix and "documents.W" in names:
        print("The head changes documents too: send theirs through with --documents.", file=sys.stderr)
    return head, metadata


def apply_head(head, x):
    """normalize(W x + b) of each row, with layer normalisation in between where the head has it: [n, d] to [n, outputs]."""
    y = x @ head["W"].T + head["b"]
    if "norm.scale" in head:
        y = (y - y.mean(axis=1, keepdims=True)) / np.sqrt(y.var(axis=1, keepdims=True) + 1e-5)
        y = y * head["norm.scale"] + head["norm.shift"]
    return y / np.linalg.norm(y, axis=1, keepdims=True)


def read_vectors(path, d):
    """Float32 [n, d] with unit rows; anything else would give vectors that look right and are not."""
    x = np.load(path, allow_pickle=False)
    if x.ndim != 2 or x.shape[1] != d:
        raise ValueError(f"{path}: expected vectors [n, {d}], got {list(x.shape)}")
    off = float(np.abs(np.linalg.norm(x, axis=1) - 1).max(initial=0))
    if not off <= UNIT_TOLERANCE:
        raise ValueError(f"{path}: expected rows of length 1, got one that is off by {off:.3g}; normalise them first")
    return x.astype(np.float32)


def main():
    parser = argparse.ArgumentParser(description="Send vectors through an exported head.")
    parser.add_argument("head", help="a .safetensors file of `hydra export`")
    parser.add_argument("vectors", help="a .npy file, float32 [n, d], unit rows")
    parser.add_argument("out", help="the .npy file to write")
    parser.add_argument("--documents", action="store_true", help="the vectors are documents, not queries")
    given = parser.parse_args()
    head, metadata = load_head(given.head, "documents." if given.documents else "")
    y = apply_head(head, read_vectors(given.vectors, head["W"].shape[1]))
    with open(given.out, "wb") as file:  # numpy.save would add .npy to a name without it
        np.save(file, y.astype(np.float32))
    print(f"{y.shape[0]} vectors of {y.shape[1]} numbers in {given.out}, for {metadata['encoder']}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, SafetensorError) as error:
        sys.exit(str(error))
