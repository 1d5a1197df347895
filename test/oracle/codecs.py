"""Golden bytes of the binary codecs by the reference packages.

    pip install safetensors==0.8.0 numpy==2.4.6
    python test/oracle/codecs.py test/fixtures/codecs

`golden.safetensors` has the awkward parts: names that need escaping and sorting, an empty tensor, a scalar, bytes whose
length is not a multiple of 4. `golden.npy` is numpy.save of a [3, 5] float32 matrix, `empty.npy` of a [0, 384] one.
"""
import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)

save_file(
    {
        "W": (np.arange(6, dtype=np.float32) / 3).reshape(2, 3),
        "b": np.array([-0.0, np.inf, np.finfo(np.float32).tiny], dtype=np.float32),
        "10": np.array([1, -2, 2**31 - 1], dtype=np.int32),
        "9": np.array([[-(2**31)]], dtype=np.int32),
        "hashes": np.arange(21, dtype=np.uint8).reshape(3, 7),
        "naïve \"name\"\n\u2028😀": np.zeros((0, 4), dtype=np.float32),
        "scalar": np.array(7, dtype=np.int32),
    },
    out / "golden.safetensors",
    metadata={"card": "find the \"kind\"\tof é 😀"},
)
np.save(out / "golden.npy", (np.arange(15, dtype=np.float32) / 7).reshape(3, 5))
np.save(out / "empty.npy", np.zeros((0, 384), dtype=np.float32))
