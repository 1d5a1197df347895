"""Runs this folder by sentence-transformers on the probes of its certificate, and writes into certificate.json how far its
vectors are from the engine's, who ran it and when.

    pip install "sentence-transformers[onnx]>=5,<6"     # without [onnx], and any version from 5, where the encoder is not here
    python certify.py

Ends with 1, and leaves certificate.json as it was, where a difference is above the certificate's bound.
"""
import getpass
import hashlib
import json
import platform
import sys
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import sentence_transformers
import torch
from safetensors import safe_open
from sentence_transformers import SentenceTransformer

try:
    from sentence_transformers.sentence_transformer import modules as models
except ImportError:  # older versions
    from sentence_transformers import models

FOLDER = Path(__file__).resolve().parent
RANKED = 10


def read_probes():
    """Arrays and texts that the engine wrote beside the model."""
    with safe_open(FOLDER / "probes.safetensors", framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["texts"])


def check_files(certificate):
    """The certificate speaks of these bytes and of no others."""
    for name, known in certificate["files"].items():
        if hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != known["sha256"]:
            sys.exit(f"{name}: not the file that the certificate names; export again")


def load():
    """The whole model where its encoder lies here, else only the head's modules; and how many modules encode."""
    listed = json.loads((FOLDER / "modules.json").read_text())
    types = [module["type"].rsplit(".", 1)[1] for module in listed]
    if types[0] == "Transformer":
        model = SentenceTransformer(str(FOLDER), backend="onnx", device="cpu", local_files_only=True)
        return model, list(model)[3:]
    return None, [getattr(models, kind).load(str(FOLDER / module["path"])) for kind, module in zip(types, listed)]


def through(head, vectors, task):
    """Vectors [n, d] of the encoder through the head's modules: [n, outputs]."""
    features = {"sentence_embedding": torch.from_numpy(vectors)}
    with torch.no_grad():
        for module in head:
            routed = {"task": task} if isinstance(module, models.Router) else {}
            features = module(features, **routed)
    return features["sentence_embedding"].numpy()


def ranks(ours, theirs, documents):
    """How far one of the engine's first documents of a probe stands from its place, at most."""
    places = lambda queries: np.argsort(np.argsort(-(queries @ documents.T), axis=1, kind="stable"), axis=1)
    before, after = places(ours), places(theirs)
    return int(np.abs(before - after)[before < RANKED].max())


def main():
    path = FOLDER / "certificate.json"
    certificate = json.loads(path.read_text())
    check_files(certificate)
    arrays, texts = read_probes()
    model, head = load()
    documents = arrays.get("documents.transformed", arrays["documents.vectors"])
    parts = []

    def add(part, queries, others):
        differences = [float(np.abs(queries - arrays["queries"]).max())]
        if others is not None:
            differences.append(float(np.abs(others - documents).max()))
        moved = ranks(arrays["queries"], queries, documents)
        parts.append({"part": part, "file": "modules.json", "by": by, "difference": max(differences), "ranks": moved})

    by = f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}"
    add(
        "head, as modules",
        through(head, arrays["vectors"], "query"),
        through(head, arrays["documents.vectors"], "document"),
    )
    if model is not None:
        add("encoder and head", model.encode_query(texts, batch_size=1, convert_to_numpy=True), None)
    for part in parts:
        print(f"{part['part']}: greatest difference {part['difference']:.2e}, ranks {part['ranks']}, by {part['by']}")
    # not <=, so that NaN fails too
    if not all(part["difference"] <= certificate["bound"] for part in parts):
        sys.exit(f"expected differences of at most {certificate['bound']}; certificate.json stays as it was")
    certificate["elsewhere"] = {
        **certificate["elsewhere"],
        "ranBy": getpass.getuser(),
        "ranAt": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "parts": parts,
    }
    path.write_text(json.dumps(certificate, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
