"""Exact search by faiss's IndexFlatIP over the vectors that the engine `memory` has written, on so many threads.

    python test/oracle/flat_search.py SEGMENTS QUERIES.f32 DIMENSIONS K THREADS

Needs faiss-cpu. Says `ready`; then, for each line that it reads, searches once and answers a line of JSON: the seconds that it
took, and of each query the rows found, best first. test/bench/indexes.bench.ts has both take turns on the same threads.
"""

import glob
import json
import os
import sys
import time

segments, queries_file, dimensions, k, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import faiss  # noqa: E402
import numpy as np  # noqa: E402

faiss.omp_set_num_threads(threads)
# From so many queries on the product is a matrix product: faiss 1.15 raised it to 128,000, and takes ten times as long for 64.
faiss.cvar.distance_compute_blas_threshold = 20
index = faiss.IndexFlatIP(dimensions)
for path in sorted(glob.glob(os.path.join(segments, "*.f32"))):
    index.add(np.fromfile(path, dtype="<f4").reshape(-1, dimensions))
queries = np.fromfile(queries_file, dtype="<f4").reshape(-1, dimensions)
print("ready", flush=True)
for _ in sys.stdin:
    begun = time.perf_counter()
    _, rows = index.search(queries, k)
    print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows.tolist()}), flush=True)
