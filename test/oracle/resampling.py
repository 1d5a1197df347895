"""Golden p-values of the paired randomisation test (scipy, exact over all sign patterns) and percentiles (numpy).

    pip install numpy scipy
    python test/oracle/resampling.py > test/fixtures/resampling.json
"""
import json
import sys

import numpy as np
from scipy.stats import permutation_test

rng = np.random.default_rng(11)
cases = []
for n, shift in ((5, 0.2), (8, 0.0), (10, 0.1), (12, 0.3), (12, -0.15)):
    d = np.round(rng.normal(shift, 0.4, n), 3)
    p = permutation_test((d, np.zeros(n)), lambda a, b, axis: (a - b).mean(axis), permutation_type="samples",
                         n_resamples=np.inf, alternative="two-sided", vectorized=True).pvalue
    cases.append({"differences": d.tolist(), "p": float(p)})
values = np.sort(np.round(rng.normal(0, 1, 37), 4))
json.dump({"randomisation": cases, "values": values.tolist(),
           "percentiles": {str(q): float(np.percentile(values, 100 * q)) for q in (0, 0.025, 0.33, 0.5, 0.975, 1)}}, sys.stdout)
