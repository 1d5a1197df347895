"""Golden BM25 scores, by the formula in float64 (wink-bm25-text-search's, with its idf smoothing at 1):

    score(q, d) = sum over the words w of q, repetitions too, of idf(w) · tf·(k1 + 1) / (tf + k1·(1 − b + b·|d| / mean |d|))
    idf(w) = log(1 + (N − df + .5) / (df + .5))

    pip install numpy
    python test/oracle/bm25.py > test/fixtures/bm25.json

Words are Python's own \\w+ of the lower-cased text, unstemmed: letters and digits of any script.
"""
import json
import re
import sys

import numpy as np

DOCUMENTS = """
The naïve café owner sold crème brûlée to a naïve tourist
β-amyloid and α-synuclein aggregate in neurodegenerative disease
Влияние витамина D на здоровье костей
Vitamin D and bone health in older adults
The effect of vitamin D on bones, bones and again bones
Größe und Gewicht der Häuser in Zürich
A tourist walks past the houses of Zürich
TNF-α inhibits IL-6 in vivo, IL-10 in vitro
λ calculus and combinatory logic
Η επίδραση της βιταμίνης στην υγεία
snake_case and camelCase words: my_variable_2, myVariable2
one
the the the the
Deep networks for information retrieval: a survey of neural ranking models from 2010 to 2020

the owner of the house
résumé parsing with resume templates
information about retrieval of information, not networks
""".strip("\n").split("\n")
QUERIES = ["naïve tourist", "vitamin d bones", "витамина здоровье", "TNF-α IL-6", "zürich häuser", "the owner the house", "information retrieval networks",
           "my_variable_2", "βιταμίνης", "résumé", "resume", "nothing matches qqq", "α", ""]


def words(text):
    return re.findall(r"\w+", text.lower())


def score(query, k1, b):
    documents = [words(text) for text in DOCUMENTS]
    mean = np.mean([len(d) for d in documents])
    scores = np.zeros(len(documents))
    for word in words(query):
        df = sum(word in d for d in documents)
        idf = np.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
        for i, d in enumerate(documents):
            tf = d.count(word)
            scores[i] += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(d) / mean)) if tf else 0
    return scores.tolist()


cases = [{"k1": k1, "b": b, "scores": [score(q, k1, b) for q in QUERIES]} for k1, b in ((1.2, 0.75), (0.9, 0.4), (2.0, 1.0), (1.5, 0.0), (0.0, 0.75))]
json.dump({"documents": DOCUMENTS, "queries": QUERIES, "cases": cases}, sys.stdout, ensure_ascii=False)
