"""Golden rankings of trec_eval for equal scores: ties are broken by the bytes of the document id, descending.

    pip install pytrec_eval-terrier==0.5.11
    python test/oracle/ties.py > test/fixtures/ties.json

trec_eval says no ranking; it is read off the reciprocal rank of each document as the only relevant one. Ids are as they
stand in a run file, which has no white space in its fields.
"""
import json

import pytrec_eval

CASES = [
    ["😀", "Ａ"],
    ["a", "b", "B", "10", "9", "é", "e\u0301", "z", "ß", "ﬁ", "Ａ", "😀", "𝒜", "\ue000", "\ud7ff"],
    ["d1", "d10", "d2", "D1", "d1|a", "d1-a", "d"],
    ["a%20b", "a!b", "a'b", "a", "a%C2%A0b", "ab"],
]


def place(ids, document):
    qrels = {"q": {one: int(one == document) for one in ids}}
    found = pytrec_eval.RelevanceEvaluator(qrels, {"recip_rank"}).evaluate({"q": {one: 1.0 for one in ids}})
    return round(1 / found["q"]["recip_rank"])


print(json.dumps([{"ids": ids, "ranking": sorted(ids, key=lambda one: place(ids, one))} for ids in CASES]))
