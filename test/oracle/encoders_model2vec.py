"""Static models with a tokenizer of each kind, and what model2vec itself makes of texts that tokenizers read differently.

    pip install model2vec==0.10.0 numpy==2.4.6 tokenizers==0.23.3 safetensors==0.8.0 sentencepiece==0.2.3 protobuf==7.36.2
    python test/oracle/encoders_model2vec.py test/fixtures/encoders/static-kinds
    python test/oracle/encoders_model2vec.py --model FOLDER TEXTS.json OUT.safetensors

The first line trains small tokenizers on the sentences below and gives each a table of random vectors: tables in F32, F16 and F64,
one model with a limit of its own (`max_length`), one with a normalisation of SentencePiece's own making (`precompiled_charsmap`).
Beside each lie the texts and the vectors of StaticModel.encode. The second line records the vectors of any model2vec folder for
the texts of a JSON list. sentencepiece is only asked to compile the map.
"""
import json
import pathlib
import sys
import tempfile

import numpy as np
import sentencepiece
from model2vec import StaticModel
from safetensors.numpy import save_file
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

DIMENSIONS = 8
SENTENCES = [
    "the oak tree by the river and the old boat", "leaves of the oak in autumn, and wood for new boats",
    "straße geht über die brücke in köln", "ο σισυφος σας εφερε τον λογο", "привет как дела", "don't we're it's fine", "the end.",
] * 20
TEXTS = [
    "the oak tree", "The OAK by the River", "", " ", "  the   oak  ", "xylophone", "zzz qqq", "the zzz oak", "tab\there\nnewline\r\nwin",
    "ΣΑΣ", "Ο ΣΊΣΥΦΟΣ ΣΑΣ ΈΦΕΡΕ", "İstanbul ILIK", "Straße STRASSE ẞ", "𠮷野家 the oak", "a𠮷b 信息", "soft\u00adhyphen zero\u200bwidth bom\ufeffhere",
    "👩\u200d👩\u200d👧 the boat", "line\u2028sep nel\u0085x", "nbsp\u00a0thin\u2009ideographic\u3000space", "e\u0301te\u0301 café", "ﬁne ﬂow ½ ① ｆｕｌｌ",
    "[UNK] [CLS] <unk> </s> the oak", "don't WE'RE 50% $5", "안녕하세요 \u1100\u1161\u11a8", "नमस्ते दुनिया", "Привет, КАК дела?", "?", "...!!!", "\ufeffthe oak\ufeff",
    "the oak " * 300, "o" * 900, "off of ABBA",
]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def charsmap():
    """A few rules: capital A, ß, an ellipsis, a ligature, full-width f, the ideographic space."""
    rules = "41\t61\nDF\t73 73\n66 66\tFB00\nFB01\t66 69\nFF46\t66\n3000\t20\n2026\t2E 2E 2E\n"
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "text").write_text("\n".join(SENTENCES))
        (place / "rules.tsv").write_text(rules)
        sentencepiece.SentencePieceTrainer.train(
            input=str(place / "text"), model_prefix=str(place / "m"), vocab_size=80, hard_vocab_limit=False, minloglevel=2,
            normalization_rule_tsv=str(place / "rules.tsv"),
        )
        proto = sentencepiece_model_pb2.ModelProto()
        proto.ParseFromString((place / "m.model").read_bytes())
        return proto.normalizer_spec.precompiled_charsmap


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer, trainers.WordPieceTrainer(vocab_size=150, special_tokens=SPECIAL)


def bpe():
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer, trainers.BpeTrainer(vocab_size=150, special_tokens=SPECIAL)


def bpe_bytes():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, trainers.BpeTrainer(vocab_size=330, special_tokens=["<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet())


def unigram(normalizer):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer, trainers.UnigramTrainer(vocab_size=120, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>")


def kinds():
    yield "wordpiece", wordpiece(), np.float32, {}
    yield "bpe", bpe(), np.float64, {}
    yield "bpe-bytes", bpe_bytes(), np.float32, {"max_length": 20}
    yield "unigram", unigram(normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])), np.float16, {"max_length": 20}
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    yield "unigram-precompiled", unigram(normalizers.Sequence([normalizers.Precompiled(charsmap()), spaces])), np.float32, {}


def record(folder, texts, out):
    vectors = StaticModel.from_pretrained(folder, quantize_to="float32").encode(texts)
    save_file({"vectors": vectors.astype(np.float32)}, out)


def main():
    if sys.argv[1] == "--model":
        record(sys.argv[2], json.loads(pathlib.Path(sys.argv[3]).read_text()), sys.argv[4])
        return
    for name, (tokenizer, trainer), dtype, more in kinds():
        folder = pathlib.Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer.train_from_iterator(SENTENCES, trainer)
        size = tokenizer.get_vocab_size()
        table = np.random.default_rng(size).standard_normal((size, DIMENSIONS)).astype(dtype)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        save_file({"embeddings": table}, folder / "model.safetensors")
        (folder / "config.json").write_text(json.dumps({"model_type": "model2vec", "normalize": True, **more}) + "\n")
        (folder / "reference-texts.json").write_text(json.dumps({"texts": TEXTS}) + "\n")
        record(folder, TEXTS, folder / "reference-vectors.safetensors")
        print(name, tokenizer.model, table.shape, dtype.__name__)


main()
