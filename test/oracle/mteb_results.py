"""Whether MTEB itself reads what `hydra report --format mteb` writes: each file by mteb's own pydantic classes, then the folder
by the reader of its leaderboard; and whether the tasks that we name are MTEB's, by its metadata and statistics.

    pip install mteb-core==2.26.24
    python test/oracle/mteb_results.py test/fixtures/mteb/results > test/fixtures/mteb/read-by-mteb.json

The folder is written by test/engine/reporting/mteb/mteb.test.ts (`npx vitest run <it> -u`). Any other folder that the report
wrote may be given instead, to check it: the script fails where MTEB does.
"""
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

import mteb
from mteb.models.model_meta import ModelMeta
from mteb.results import TaskResult

# Our ids, whose names here the test compares with src/main/engine/reporting/mteb/mteb-tasks.ts.
TASKS = {"arguana": "ArguAna", "cosqa": "CosQA", "fiqa": "FiQA2018", "nfcorpus": "NFCorpus", "scidocs": "SCIDOCS",
         "scifact": "SciFact", "trec-covid": "TRECCOVID"}


def metadata(name):
    meta = mteb.get_task(name).metadata
    assert meta.eval_splits == ["test"] and meta.main_score == "ndcg_at_10", name
    statistics = meta.descriptive_stats["test"]
    return {"name": meta.name, "languages": meta.eval_langs, "documents": statistics["num_documents"],
            "queries": statistics["num_queries"]}


def read(folder):
    for path in sorted(folder.glob("*/*/*.json")):
        data = json.loads(path.read_text("utf-8"))
        if path.name == "model_meta.json":
            meta = ModelMeta.model_validate(data)
            assert path.parent.parent.name == meta.model_name_as_path(), path
            assert path.parent.name == meta.revision, path
            assert set(data) <= set(ModelMeta.model_fields), set(data) - set(ModelMeta.model_fields)
        else:
            result = TaskResult.model_validate(data)
            assert set(data) <= set(TaskResult.model_fields), set(data) - set(TaskResult.model_fields)
            assert path.stem == result.task_name, path


def leaderboard(folder):
    """What the reader of the leaderboard has in its table."""
    with tempfile.TemporaryDirectory() as cache:
        shutil.copytree(folder, Path(cache) / "results")
        loaded = mteb.ResultCache(cache).load_results(include_remote=False)
    return [{"model": model.model_name, "revision": model.model_revision, "task": result.task_name,
             "splits": result.eval_splits, "subsets": result.hf_subsets, "main_score": result.get_score(),
             "languages": result.scores["test"][0]["languages"], "seconds": result.evaluation_time}
            for model in loaded.model_results for result in sorted(model.task_results, key=lambda one: one.task_name)]


folder = Path(sys.argv[1])
read(folder)
json.dump({
    "mteb": mteb.__version__,
    "tasks": {task: metadata(name) for task, name in TASKS.items()},
    "files": {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
              for path in sorted(folder.glob("*/*/*.json"))},
    "read": leaderboard(folder),
}, sys.stdout, indent=2, allow_nan=False)
print()
