"""Golden values of the tables of a sweep: mean and sample standard deviation over the runs of a point, of what each system scored and
of the lead over the best control.

    pip install numpy scipy
    python test/oracle/sweep.py > test/fixtures/sweep.json

Written from docs/method.md#sweeps-and-curves, not from the TypeScript. The second point has a run without the last system; one run alone has no
deviation.
"""
import json
import sys

import numpy as np
from scipy import stats

rng = np.random.default_rng(22)
SYSTEMS = ["frozen", "no card", "task card"]


def spread(values):
    described = stats.describe(values) if len(values) > 1 else None
    return {
        "n": len(values),
        "mean": float(np.mean(values)),
        "sd": float(np.sqrt(described.variance)) if described else None,
    }


points = []
for runs in (3, 4, 1):
    scores = [{name: round(float(rng.uniform(0.2, 0.8)), 6) for name in SYSTEMS} for _ in range(runs)]
    if runs == 4:
        del scores[2]["task card"]
    leads = [
        round(run["task card"] - max(run["frozen"], run["no card"]), 6) if "task card" in run else None for run in scores
    ]
    points.append(
        {
            "runs": [{"scores": run, "lead": lead} for run, lead in zip(scores, leads)],
            "systems": {name: spread([run[name] for run in scores if name in run]) for name in SYSTEMS},
            "lead": spread([lead for lead in leads if lead is not None]),
        }
    )
json.dump({"points": points}, sys.stdout, indent=1)
print()
