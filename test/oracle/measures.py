"""Golden values of the measures by trec_eval itself.

    pip install pytrec_eval-terrier==0.5.11
    python test/oracle/measures.py test/fixtures/measures.json

Each case is one query: `qrels` (document -> grade), `run` (document -> score) and what trec_eval says. Scores are multiples
of 1/4, so ties are common and exact in trec_eval's float32; it breaks them by document id, greater id first. Some judged
documents are never retrieved, some retrieved ones never judged, some grades are negative.
"""
import json
import random
import sys

import pytrec_eval

CUTS = (1, 5, 10, 100)


def case(random_, number):
    judged = random_.choice((1, 2, 5, 20, 60))
    grades = random_.choice(((1,), (0, 1), (-1, 0, 1), (-2, -1, 0, 1, 2, 3), (0, 1, 2, 3, 4), (0, 0, 0, 0, 1)))
    documents = [f"d{i}" for i in range(200)]
    qrels = {d: random_.choice(grades) for d in random_.sample(documents, judged)}
    if not any(g > 0 for g in qrels.values()):
        qrels[next(iter(qrels))] = max(max(grades), 1)
    depth = random_.choice((1, 3, 10, 12, 100, 150))
    levels = random_.choice((2, 8, 4000))
    run = {d: random_.randrange(levels) / 4 for d in random_.sample(documents, depth)}
    if number % 3 == 0:  # a good ranking: relevant documents on top
        for d in run:
            run[d] += 1000 * max(qrels.get(d, 0), 0)
    return qrels, run


def first(run, count):
    return dict(sorted(run.items(), key=lambda x: (x[1], x[0]), reverse=True)[:count])


def main(out):
    random_ = random.Random(20260101)
    cases = []
    for number in range(240):
        qrels, run = case(random_, number)
        evaluator = pytrec_eval.RelevanceEvaluator(
            {"q": qrels},
            {"ndcg_cut." + ",".join(map(str, CUTS)), "recall." + ",".join(map(str, CUTS)), "recip_rank"},
        )
        values = evaluator.evaluate({"q": run})["q"]
        expected = {}
        for k in CUTS:
            expected[f"nDCG@{k}"] = values[f"ndcg_cut_{k}"]
            expected[f"Recall@{k}"] = values[f"recall_{k}"]
            # trec_eval has no cut for recip_rank: cut the run instead
            expected[f"MRR@{k}"] = evaluator.evaluate({"q": first(run, k)})["q"]["recip_rank"]
        cases.append({"qrels": qrels, "run": run, "expected": expected})
    with open(out, "w") as f:
        json.dump({"version": 1, "oracle": "pytrec_eval-terrier 0.5.11", "cases": cases}, f, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
