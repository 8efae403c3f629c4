/** The program of a merge plan that gathers its results. It chooses metrics as `lm-eval.ts` does. */
export const COLLECT_SCRIPT = `"""Gathers the results of this plan into results.csv, which Merge Studio reads: python3 collect.py

Reads coefficients.csv and every results/<merge>/**/*.json of lm-evaluation-harness. Standard library only.
"""
import csv
import json
import math
import os
import sys
from pathlib import Path

# ---- settings ------------------------------------------------------------------------------------
RESULTS = os.environ.get("RESULTS", "results")
OUTPUT = "results.csv"
# Task to metric where another one is wanted, for example {"gsm8k": "exact_match,flexible-extract"}.
METRICS = {}
# --------------------------------------------------------------------------------------------------

FOLDER = Path(__file__).resolve().parent
PREFERRED_METRICS = ["acc_norm", "acc", "exact_match"]
PREFERRED_FILTERS = ["none", "strict-match"]
NO_METRICS = {"alias", "name", "version", "sample_len", "sample_count"}


def tell(message):
    print(f"collect.py: {message}", file=sys.stderr)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def parts(key):
    name, _, filtered = key.partition(",")
    return name, filtered or "none"


def metrics_of(entry):
    keys = [key for key, value in entry.items() if is_number(value) and key not in NO_METRICS]
    return [key for key in keys if not parts(key)[0].endswith("_stderr")]


def rank(key):
    name, filtered = parts(key)
    place = PREFERRED_FILTERS.index(filtered) if filtered in PREFERRED_FILTERS else len(PREFERRED_FILTERS)
    return PREFERRED_METRICS.index(name), place, key


def choose(task, entries):
    """The metric that every file has for this task, by preference; None when it is not clear which."""
    if task in METRICS:
        return METRICS[task]
    common = set.intersection(*(set(metrics_of(entry)) for entry in entries))
    known = [key for key in common if parts(key)[0] in PREFERRED_METRICS]
    if known:
        return min(known, key=rank)
    return next(iter(common)) if len(common) == 1 else None


def summed_up(data):
    """Subtasks of groups that have a value of their own."""
    groups = data.get("group_subtasks") or {}
    results = data["results"]
    return {part for group, subtasks in groups.items() if metrics_of(results.get(group, {})) for part in subtasks}


def read(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    if not isinstance(data, dict) or not isinstance(data.get("results"), dict):
        raise ValueError('it has no "results"')
    left_out = summed_up(data)
    for task in sorted(left_out & set(data["results"])):
        tell(f"{path}: {task} is part of a group and is left out")
    entries = {task: entry for task, entry in data["results"].items() if task not in left_out and metrics_of(entry)}
    return entries, data.get("n-samples") or {}


def samples(task, entry, counts):
    for n in ((counts.get(task) or {}).get("effective"), entry.get("sample_len")):
        if isinstance(n, int) and not isinstance(n, bool) and n > 0:
            return n
    return ""


def main():
    with open(FOLDER / "coefficients.csv", newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        plan = list(reader)
        coefficients = [title for title in reader.fieldnames if title.startswith("coefficient.")]
    measured = []
    for row in plan:
        folder = FOLDER / RESULTS / row["id"]
        paths = sorted(folder.rglob("*.json"))
        if not paths:
            tell(f"{row['id']}: no results yet")
        for path in paths:
            try:
                measured.append((row, path, *read(path)))
            except (ValueError, OSError) as error:
                tell(f"{path}: left out: {error}")
    tasks = {}
    for task in dict.fromkeys(task for _, _, entries, _ in measured for task in entries):
        key = choose(task, [entries[task] for _, _, entries, _ in measured if task in entries])
        if key is None:
            tell(f"{task}: left out: no metric is known and common to all files; name one in METRICS")
        else:
            tell(f"{task}: {key}")
            tasks[task] = key
    if not tasks:
        sys.exit("collect.py: nothing to write: no results were found")
    titles = [f"{what}.{task}" for what in ("task", "n", "stderr") for task in tasks]
    with open(FOLDER / OUTPUT, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\\n")
        writer.writerow([*coefficients, *titles, "source"])
        for row, path, entries, counts in measured:
            values, ns, errors = [], [], []
            for task, key in tasks.items():
                entry = entries.get(task, {})
                value = entry.get(key)
                name, comma, filtered = key.partition(",")
                error = entry.get(f"{name}_stderr{comma}{filtered}")
                there = is_number(value)
                values.append(value if there else "")
                ns.append(samples(task, entry, counts) if there else "")
                errors.append(error if there and is_number(error) else "")
            writer.writerow([*(row[title] for title in coefficients), *values, *ns, *errors, row["id"]])
    print(f"{OUTPUT}: {len(measured)} of {len(plan)} merges, {len(tasks)} tasks")


if __name__ == "__main__":
    main()
`;
