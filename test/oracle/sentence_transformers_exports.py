"""Runs exported sentence-transformers folders: their certify.py, and the snippet of their README. Outside CI, since torch is
large (5.9 GB):

    pip install "sentence-transformers[onnx]>=5,<6"      # or, for folders without an encoder, "sentence-transformers>=6"
    python test/oracle/sentence_transformers_exports.py ENCODER FIXTURE FOLDER...

ENCODER: what stands for the encoder that a snippet names, which would be fetched: a folder in sentence-transformers' layout.
FIXTURE: test/fixtures/sentence-transformers.json, to which what came of it is added, in place of what an earlier run said of
the same version and folder. test/engine/exporting/sentence-transformers.test.ts holds it against the sources.
"""
import getpass
import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def snippet_of(folder):
    [code] = re.findall(r"^```python\n(.*?)^```", (folder / "README.md").read_text(), re.S | re.M)
    return code


def run_snippet(folder, encoder):
    """The snippet's y, and its text as it stands in the README."""
    code = snippet_of(folder)
    own = re.sub(r'^encoder = SentenceTransformer\(".*?"\)', f"encoder = SentenceTransformer({encoder!r})", code, flags=re.M)
    space = {}
    os.chdir(folder)
    exec(compile(own, str(folder / "README.md"), "exec"), space)
    lengths = np.linalg.norm(space["y"], axis=1)
    assert len(lengths) == 2 and np.abs(lengths - 1).max() < 1e-4, f"{folder}: expected two unit vectors, got lengths {lengths}"
    return code


def main():
    encoder, fixture, *folders = sys.argv[1:]
    path = Path(fixture).resolve()
    records = json.loads(path.read_text()) if path.exists() else []
    packages = ["sentence-transformers", "transformers", "torch", "optimum-onnx", "onnxruntime", "numpy"]
    versions = {name: installed(name) for name in packages}
    for folder in [Path(one).resolve() for one in folders]:
        subprocess.run([sys.executable, str(folder / "certify.py")], check=True)
        certificate = json.loads((folder / "certificate.json").read_text())
        code = run_snippet(folder, str(Path(encoder).resolve()))
        modules = [module["type"].rsplit(".", 1)[1] for module in json.loads((folder / "modules.json").read_text())]
        routes = [
            kind
            for router in folder.glob("*_Router/router_config.json")
            for kind in [name.rsplit("_", 1)[1] for name in json.loads(router.read_text())["types"]]
        ]
        record = {
            "modules": modules,
            "routes": routes,
            "probes": len(certificate["probes"]["texts"]),
            "parts": certificate["elsewhere"]["parts"],
            "bound": certificate["bound"],
            "script": hashlib.sha256((folder / "certify.py").read_bytes()).hexdigest(),
            "snippet": code,
            "versions": versions,
            "ranBy": getpass.getuser(),
            "ranAt": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        }
        same = lambda one: all(one[key] == record[key] for key in ["modules", "routes"]) and (
            one["versions"]["sentence-transformers"] == versions["sentence-transformers"]
        )
        records = [one for one in records if not same(one)] + [record]
        path.write_text(json.dumps(records, indent=2, ensure_ascii=False) + "\n")
        print(f"{folder}: {modules} {routes}")


if __name__ == "__main__":
    main()
