"""Recomputes a run's per-query scores from its TREC run files with trec_eval and compares.

    pip install pytrec_eval-terrier==0.5.11
    python test/oracle/run_files.py WORKSPACE RUN

For each row of the ladder at k = 0 (at k > 0 the documents that a card shows are hidden, which the run files alone do not
say): the scores in queries/*.jsonl against trec_eval on trec/<cards>-k0.<row>.run and the dataset's qrels/test.tsv. Prints
the largest difference for each measure; ends with 1 where one is above 1e-6.
"""
import gzip
import json
import re
import sys
from pathlib import Path
from urllib.parse import quote

import pytrec_eval

# Ours -> (trec_eval's measure, cut of the run where trec_eval has none)
WHOLE = {"AP": "map", "Rprec": "Rprec", "bpref": "bpref", "Bpref": "bpref", "nDCG": "ndcg", "RR": "recip_rank", "MRR": "recip_rank"}
CUT = {"nDCG": "ndcg_cut", "R": "recall", "Recall": "recall", "P": "P", "AP": "map_cut", "Success": "success"}
TOLERANCE = 1e-6


def lines(path):
    """Of a text file; a run of many tasks has its run files compressed."""
    packed = path.with_name(path.name + ".gz")
    opened = gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else open(path, encoding="utf-8")
    with opened as f:
        return [line.rstrip("\n") for line in f]


def field(name):
    """An id as it stands in a run file: percent-encoded where it has white space or control characters."""
    unwritable = r"[\s\x00-\x1f\x7f-\x9f\u180e\ufeff]"
    return re.sub(unwritable + "|%", lambda sign: quote(sign[0], safe=""), name) if re.search(unwritable, name) else name


def read_run(path):
    run = {}
    for line in lines(path):
        query, _, document, _, score, _ = line.split(" ")
        run.setdefault(query, {})[document] = float(score)
    return run


def read_qrels(path, task):
    """Of the one card of a dataset, or of the task's card where there are many."""
    header, *rows = lines(path)
    card = task.split("/")[1] if "/" in task else None
    qrels = {}
    for row in rows:
        query, document, grade, *rest = row.split("\t")
        if "card-id" in header and rest and card and rest[0] != card:
            continue
        qrels.setdefault(query, {})[field(document)] = int(grade)
    return qrels


def ranked(run):
    return sorted(run, key=lambda d: (run[d], d), reverse=True)


def evaluate(qrels, run, measure):
    """trec_eval's value for each query, or None where trec_eval lacks the measure."""
    name, _, cut = measure.partition("@")
    if name in ("MRR", "RR") and cut:
        short = {q: {d: ds[d] for d in ranked(ds)[: int(cut)]} for q, ds in run.items()}
        return {q: v["recip_rank"] for q, v in pytrec_eval.RelevanceEvaluator(qrels, {"recip_rank"}).evaluate(short).items()}
    trec = f"{CUT[name]}.{cut}" if cut and name in CUT else WHOLE.get(measure)
    if trec is None:
        return None
    key = trec.replace(".", "_")
    return {q: v[key] for q, v in pytrec_eval.RelevanceEvaluator(qrels, {trec}).evaluate(run).items()}


def main(workspace, run_id):
    folder = Path(workspace) / "runs" / run_id
    largest, compared = {}, 0
    for file in sorted((folder / "queries").rglob("*.jsonl")):
        header, *rest = map(json.loads, lines(file))
        task, scores = header["task"], [one for one in rest if one["examples"] == 0]
        if not scores:
            continue
        qrels = read_qrels(Path(workspace) / "datasets" / task.split("/")[0] / "qrels" / "test.tsv", task)
        for row in scores[0]["scores"]:
            name = re.sub(r" \+ | ", "-", row)
            path = folder / "trec" / f"{header['cards']}-k0.{name}.run"
            if not path.exists() and not path.with_name(path.name + ".gz").exists():
                continue
            whole = read_run(path)
            run = {}
            for one in scores:
                name = one["query"]
                run[name] = whole.get(field(f"{task}|{name}"), whole.get(field(name), {}))
            for measure in scores[0]["scores"][row]:
                values = evaluate({q: qrels[q] for q in run}, run, measure)
                if values is None:
                    continue
                for one in scores:
                    # trec_eval leaves out what was never retrieved; with -c it scores 0.
                    difference = abs(one["scores"][row][measure] - values.get(one["query"], 0.0))
                    largest[measure] = max(largest.get(measure, 0.0), difference)
                    compared += 1
    for measure, difference in largest.items():
        print(f"{measure:12} {difference:.1e}")
    print(f"{compared} scores compared")
    return 0 if compared and max(largest.values()) <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
