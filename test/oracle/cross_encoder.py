"""Golden token ids of pairs of texts and the scores of a cross-encoder, with the Python tokenizers and onnxruntime.

    pip install -r test/oracle/encoder-requirements.txt
    python test/oracle/cross_encoder.py MODEL_FOLDER > test/fixtures/cross-encoder.json

MODEL_FOLDER is ms-marco-MiniLM-L-12-v2 with onnx/model_quantized.onnx (int8). As sentence-transformers does it: strip both
texts, tokenise as a pair, `longest_first` truncation, one logit, no activation. One pair a run: int8 activations are quantised
per tensor, so a score would depend on its neighbours. int8 kernels differ between kinds of CPU: `vnni` says which made these.
"""
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

folder = pathlib.Path(sys.argv[1])
LONG = " ".join(f"The {i}th trial measured serum vitamin D and bone density in {100 + i} adults." for i in range(60))
QUERIES = ["does vitamin D strengthen bones", "list all files changed in the last day, recursively", "naïve café ☕ owner", "", "  spaces around \n",
           "what is the effect of " + "very " * 300 + "long queries"]
DOCUMENTS = ["Vitamin D supplementation raised bone mineral density in older adults.", "find . -mtime -1 -type f", LONG, "",
             "A cross-encoder reads query and document together.", "日本語の文章と emoji 🙂 and a word-with-hyphens"]
PAIRS = [(q, d) for i, q in enumerate(QUERIES) for j, d in enumerate(DOCUMENTS) if (i + j) % 2 == 0 or i == 0][:21]

session = onnxruntime.InferenceSession(str(folder / "onnx/model_quantized.onnx"))
names = {i.name for i in session.get_inputs()}
out = []
for max_tokens in (256, 64):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens, strategy="longest_first")
    for query, document in PAIRS:
        encoding = tokenizer.encode(query.strip(), document.strip())
        feeds = {"input_ids": encoding.ids, "attention_mask": encoding.attention_mask, "token_type_ids": encoding.type_ids}
        logits = session.run(None, {k: np.array([v], np.int64) for k, v in feeds.items() if k in names})[0]
        out.append({"query": query, "document": document, "maxTokens": max_tokens, "ids": encoding.ids, "types": encoding.type_ids,
                    "score": float(logits[0, 0])})
flags = pathlib.Path("/proc/cpuinfo").read_text() if pathlib.Path("/proc/cpuinfo").exists() else ""
json.dump({"vnni": "avx512_vnni" in flags or "avx_vnni" in flags, "pairs": out}, sys.stdout, ensure_ascii=False)
