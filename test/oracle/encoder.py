"""Reference vectors of the frozen sentence encoder: 200 texts of all kinds and a few extreme ones, fp32 weights, the Python
tokenizer.

    pip install -r test/oracle/encoder-requirements.txt
    python test/oracle/encoder.py MODEL_FOLDER test/fixtures/encoder

MODEL_FOLDER is all-MiniLM-L6-v2 with onnx/model.onnx (fp32). As sentence-transformers does it: strip, tokenise, keep at
most max_seq_length (256) tokens with the closing [SEP], mean over the tokens, unit length. Writes texts.json (kind, text and
token ids of each) and vectors.safetensors ("vectors", float32 [n, 384]): the 200 first, then those of kind "extreme", where
the int8 weights are furthest from these vectors.
"""
import json
import pathlib
import random
import sys

import numpy as np
import onnxruntime
from safetensors.numpy import save_file
from tokenizers import Tokenizer

GLOSSES = """
tool, implement. a thing held in the hand and used to do a particular job
viola. a stringed instrument a little larger and lower than a violin
wedding march. music played while the couple walks to the altar
oak, oak tree. a hardwood tree of the beech family that bears acorns
hammer. a hand tool with a heavy head, for driving nails and breaking things
run. move fast by foot so that both feet leave the ground at each step
merchant, dealer. someone who buys goods in order to sell them again
harbour, port. a sheltered place on the coast where ships load and unload
photosynthesis. the making of sugar from carbon dioxide and water in green plants under light
melancholy. a lasting, thoughtful sadness without an obvious cause
knee, knee joint. the hinge joint between thigh and lower leg
rook, castle. a chess piece that moves any distance along a row or a column
whisper. speak softly, without using the voice
loan shark. someone who lends money at an unreasonably high rate of interest
estuary. the wide lower part of a river where it meets the tide
algebra. the branch of mathematics that uses letters to stand for numbers
saffron. the dried orange stigmas of a crocus, used to colour and flavour food
jury. a group of citizens sworn to give a verdict in a court of law
pendulum. a weight hung so that it swings freely under gravity
abdicate. give up a throne or a high office
mammal. a warm-blooded animal with hair whose young are fed on milk
cello. the large low member of the violin family, played sitting down
glacier. a slowly moving mass of ice formed from packed snow
usury. the lending of money at too high a price
lighthouse. a tower with a strong light that guides ships at night
grammar. the rules by which words are formed and put together in a language
kneel. rest one's weight on one or both knees
catalyst. a substance that speeds up a reaction without being used up by it
barley. a cereal grass grown for food, malt and fodder
tenor. the highest ordinary adult male singing voice
mortgage. a loan for which a house or land stands as security
ambush, ambuscade. the act of lying in wait in order to attack by surprise
granite. a hard, coarse-grained rock made chiefly of quartz and feldspar
swift. moving or able to move very fast
ballot. the paper on which a voter marks a choice
sonnet. a poem of fourteen lines with a fixed pattern of rhyme
vertebra. one of the bones that make up the spine
thaw. become liquid or soft when warmed after being frozen
nephew. the son of one's brother or sister
turbine. a machine with a wheel that is turned by flowing water, steam or gas
thirsty. wanting or needing to drink
parish. a district with its own church and clergy
""".strip().split("\n")

QUERIES = """
find the musical instrument most related to the query
wedding
how do I list all files larger than 100 MB
does vitamin D lower the risk of fractures?
what is the capital of Iceland
cheap flights berlin lisbon may
statistical significance test for retrieval runs
why does my sourdough not rise
zero-dimensional biomaterials show inductive properties
book a table for two tonight
python sort a dictionary by value
hypernym
treatment of chronic sinusitis in adults
rename every file in a folder to lower case
who invented the printing press?
symptoms of iron deficiency
convert celsius to fahrenheit
what does ETL stand for
nearest train station to the trade fair
is it safe to eat raw cookie dough
difference between mitosis and meiosis
best laptop for video editing under 1000 euros
kill the process that listens on port 8080
weather tomorrow
""".strip().split("\n")

PARAGRAPH = (
    "A retrieval system returns documents in the order of their estimated relevance to a query. Early systems counted the words "
    "that a query and a document share and weighed rare words more. Later ones place both in a vector space, where nearness "
    "stands for likeness of meaning, and search that space with approximate indexes. Neither is better everywhere: exact words "
    "win for names, numbers and code, while vectors win for paraphrase. Combining the two is usually better than either, "
    "provided that the weight of each is chosen on queries which are not those used for testing. A careful experiment reports "
    "the measure, the number of queries, the interval and every control that was run, also those that did not please. "
)

UNUSUAL = {
    "emoji": ["😀", "🎉🎉🎉", "I ❤️ hiking 🏔️", "👩‍👩‍👧‍👦 family", "🇫🇷 vs 🇩🇪", "done ✅ next ➡️", "☕ break at ten?"],
    "arabic": [
        "مرحبا بالعالم", "البحث عن المعلومات في المكتبة", "القِطُّ يَجْلِسُ على السَّجَّادَةِ", "ما هي عاصمة المغرب؟",
        "محرك بحث search engine مختلط",
    ],
    "cjk": [
        "你好，世界", "信息检索系统", "機械学習で検索を改善する", "東京タワーの高さは333メートルです。", "カタカナとひらがな",
        "검색 엔진", "我喜欢喝咖啡 and tea", "𠮷野家",
    ],
    "script": [
        "Поиск информации", "ёлка и Ёж", "Αναζήτηση πληροφοριών", "שלום עולם", "Xin chào thế giới", "İstanbul'da ısı",
        "Straße, STRASSE", "ﬁne ﬂow", "ｆｕｌｌｗｉｄｔｈ　ＴＥＸＴ", "naïve café — déjà vu", "e\u0301 combining", "Zoë Åström",
    ],
    "punctuation": [
        ".", "...", "“quoted”", "a.b.c", "$5.00 (50% off!)", "~/.bashrc", "¿Qué?", "§ 12 Abs. 3", "C++ / C#", "1,000,000.00",
    ],
    "code": [
        "for (let i = 0; i < n; i++) sum += a[i]", "SELECT id, name FROM users WHERE age >= 18 ORDER BY name;",
        "find . -name '*.log' -mtime +7 -delete", "def f(x):\n\treturn x ** 2\n", "<div class=\"a\">text</div>",
        "git rebase -i HEAD~3", "{\"key\": [1, 2.5, null]}", "x = np.linalg.norm(v, axis=-1, keepdims=True)",
        "https://example.org/path?q=a%20b&lang=en#top", "user@example.com", "camelCaseIdentifier snake_case_name",
        "127.0.0.1:8080", "std::vector<std::pair<int, float>>",
    ],
    "blank": ["", " \n\t", "\u200b"],
    "odd": [
        "[SEP]", "[CLS] text [SEP]", "hello[SEP]world", "mask [mask]", "a" * 99, "b" * 400, "\x00null\x07bell",
        "tab\tnew\r\nline", "soft\u00adhyphen", "ALL CAPITALS SHOUTING", "  leading and trailing  ", "½ ² ³ № ™", "0",
        "12345678901234567890",
    ],
}

EXTREME = [
    "." * 300, "?!", "* * *", "((()))", "信息检索" * 80, "😀" * 300, "🤷🏽‍♀️ no idea", "a [MASK] b", "[UNK]", "[PAD]",
    "सूचना पुनर्प्राप्ति", "การค้นคืนสารสนเทศ", "한국어 문장 임베딩", "አማርኛ", "\ufffd\ufffd", "zero\u200dwidth", "\u202eright to left",
    "word" + " " * 60 + "far away", "a" * 101, "Ǆ ǅ ǆ", "null", "I",
]


def long_texts(tokenizer):
    """Lengths around the limit to the token, and well beyond it."""
    random_ = random.Random(7)
    words = PARAGRAPH.replace(".", "").replace(",", "").replace(":", "").lower().split()
    single = [word for word in dict.fromkeys(words) if len(tokenizer.encode(word).ids) == 3]
    texts = [" ".join(random_.choices(single, k=n)) for n in (100, 200, 252, 253, 254, 255, 256, 257, 300, 509, 511, 700)]
    texts += [PARAGRAPH, PARAGRAPH * 2, PARAGRAPH * 5]
    texts += ["find . -name '*.log' | " * 40, "البحث عن المعلومات " * 30, "x" * 90 + " " + PARAGRAPH * 2]
    return texts


def sentences():
    """Ordinary sentences of growing length."""
    words = PARAGRAPH.split()
    return [" ".join(words[start : start + 3 + start % 29]) for start in range(0, 200)]


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    cases = [("gloss", text) for text in GLOSSES] + [("query", text) for text in QUERIES]
    cases += [("long", text) for text in long_texts(tokenizer)]
    cases += [(kind, text) for kind, texts in UNUSUAL.items() for text in texts]
    cases += [("sentence", text) for text in sentences()]
    cases = cases[:200] + [("extreme", text) for text in EXTREME]

    limit = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    tokenizer.enable_truncation(max_length=limit)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(folder / "onnx" / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    vectors, records = [], []
    for kind, text in cases:
        ids = tokenizer.encode(text.strip()).ids
        row = np.array([ids], dtype=np.int64)
        (hidden,) = session.run(
            ["last_hidden_state"],
            {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)},
        )
        mean = hidden[0].astype(np.float64).mean(axis=0)
        vectors.append((mean / np.linalg.norm(mean)).astype(np.float32))
        records.append({"kind": kind, "text": text, "tokens": ids})

    out.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(record) for record in records)
    (out / "texts.json").write_text(f"[\n{lines}\n]\n")
    save_file({"vectors": np.stack(vectors)}, out / "vectors.safetensors")
    kinds = [kind for kind, _ in cases]
    print({kind: kinds.count(kind) for kind in dict.fromkeys(kinds)})


main()
