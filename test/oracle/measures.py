"""Golden values of the measures: trec_eval itself, and numpy for what trec_eval lacks.

    pip install pytrec_eval-terrier==0.5.11 numpy
    python test/oracle/measures.py test/fixtures/measures.json

Each case is one query: `qrels` (document -> grade), `run` (document -> score) and what each measure says. Scores are multiples
of 1/4, so ties are common and exact in trec_eval's float32; it breaks them by document id, greater id first. Some judged
documents are never retrieved, some retrieved ones never judged, some grades are negative.

From numpy, written from the definitions: RBP (Moffat and Zobel 2008, binary), Judged@k (ir_measures: the share of the first
min(k, length) documents that are judged), nDCG with gain 2^grade - 1 (Burges et al. 2005).
"""
import json
import random
import sys

import numpy as np
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


def ranking(run):
    return sorted(run, key=lambda d: (run[d], d), reverse=True)


def first(run, count):
    return {d: run[d] for d in ranking(run)[:count]}


def rank_biased_precision(qrels, run, p, cut=None):
    relevant = np.array([qrels.get(d, 0) > 0 for d in ranking(run)[:cut]], dtype=float)
    return float((1 - p) * (relevant * p ** np.arange(len(relevant))).sum())


def judged(qrels, run, cut):
    return float(np.mean([d in qrels for d in ranking(run)[:cut]]))


def exponential_ndcg(qrels, run, cut):
    gain = lambda grades: 2.0 ** np.maximum(np.array(grades, dtype=float), 0) - 1
    dcg = lambda gains: float((gains[:cut] / np.log2(np.arange(2, len(gains[:cut]) + 2))).sum())
    return dcg(gain([qrels.get(d, 0) for d in ranking(run)])) / dcg(np.sort(gain(list(qrels.values())))[::-1])


def expected_of(qrels, run):
    cuts = ",".join(map(str, CUTS))
    cut_measures = {f"{name}.{cuts}" for name in ("ndcg_cut", "recall", "P", "map_cut", "success")}
    whole = {"recip_rank", "map", "ndcg", "Rprec", "bpref"}
    evaluator = pytrec_eval.RelevanceEvaluator({"q": qrels}, cut_measures | whole)
    values = evaluator.evaluate({"q": run})["q"]
    expected = {
        "nDCG": values["ndcg"],
        "RR": values["recip_rank"],
        "AP": values["map"],
        "Rprec": values["Rprec"],
        "bpref": values["bpref"],
        "RBP(p=0.8)": rank_biased_precision(qrels, run, 0.8),
        "RBP(p=0.5)@10": rank_biased_precision(qrels, run, 0.5, 10),
    }
    for k in CUTS:
        expected[f"nDCG@{k}"] = values[f"ndcg_cut_{k}"]
        expected[f"R@{k}"] = values[f"recall_{k}"]
        expected[f"P@{k}"] = values[f"P_{k}"]
        expected[f"AP@{k}"] = values[f"map_cut_{k}"]
        expected[f"Success@{k}"] = values[f"success_{k}"]
        # trec_eval has no cut for recip_rank: cut the run instead
        expected[f"RR@{k}"] = evaluator.evaluate({"q": first(run, k)})["q"]["recip_rank"]
        expected[f"Judged@{k}"] = judged(qrels, run, k)
        expected[f"nDCG(dcg='exp-log2')@{k}"] = exponential_ndcg(qrels, run, k)
    return expected


def main(out):
    random_ = random.Random(20260101)
    cases = []
    for number in range(240):
        qrels, run = case(random_, number)
        expected = {name: round(value, 12) for name, value in expected_of(qrels, run).items()}
        cases.append({"qrels": qrels, "run": run, "expected": expected})
    with open(out, "w") as f:
        json.dump({"version": 1, "oracle": "pytrec_eval-terrier 0.5.11", "cases": cases}, f, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
