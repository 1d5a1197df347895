"""Golden per-query values of trec_eval on run files of BM25 over real collections.

    HYDRA_ORACLE_RUNS=/tmp/runs npx vitest run test/engine/reporting/real-values.system.test.ts
    pip install pytrec_eval-terrier==0.5.11
    python test/oracle/real_values.py /tmp/runs > test/fixtures/real-values.json

The first line writes the run files and qrels (its comparison fails until the fixture is there). For each collection and
measure the values of all judged queries, in the order of their ids; a query that the run lacks scores 0, as with trec_eval -c.
"""
import json
import sys
from pathlib import Path

import pytrec_eval

MEASURES = {"nDCG@10": "ndcg_cut_10", "R@100": "recall_100", "AP": "map"}


def table(path, columns):
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split(" ")
        found.setdefault(fields[0], {})[fields[2]] = columns(fields)
    return found


def values(qrels, run, measure):
    found = pytrec_eval.RelevanceEvaluator(qrels, {measure}).evaluate(run)
    judged = sorted(q for q, grades in qrels.items() if any(grade > 0 for grade in grades.values()))
    return [round(found.get(q, {}).get(measure, 0.0), 9) for q in judged]


def first(run, depth):
    return {
        q: dict(sorted(ds.items(), key=lambda one: (one[1], one[0].encode()), reverse=True)[:depth])
        for q, ds in run.items()
    }


golden = {}
for path in sorted(Path(sys.argv[1]).glob("*.run")):
    qrels = table(path.with_suffix(".qrels"), lambda fields: int(fields[3]))
    run = table(path, lambda fields: float(fields[4]))
    golden[path.stem] = {name: values(qrels, run, ours) for name, ours in MEASURES.items()}
    golden[path.stem]["RR@10"] = values(qrels, first(run, 10), "recip_rank")
json.dump(golden, sys.stdout)
print()
