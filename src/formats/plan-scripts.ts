/** The programs of a merge plan that run it: plain shell, a Slurm array, a Ray job. They name no machine and no account. */

/**
 * Merges and evaluates; the other two call it for one merge each. What has results is skipped, results appear only when they
 * are complete, and whatever fails stops it with the name of the configuration.
 * @param tasks of lm-evaluation-harness, separated by commas; empty when the user has to fill them in
 */
export function runScript(tasks: string): string {
  return `#!/usr/bin/env bash
# Merges and evaluates the configurations of this plan, one after the other.
#   bash run.sh              all of them
#   bash run.sh merge-003    only these
# It may be stopped and started again: merges whose results exist are skipped.
set -euo pipefail

# ---- settings: change them here, or set them in the environment ----------------------------------
# Tasks of lm-evaluation-harness, separated by commas.
TASKS="\${TASKS:-${tasks}}"
# What lm_eval is told about the model besides its path.
MODEL_ARGS="\${MODEL_ARGS:-dtype=bfloat16}"
# Where merged models and results are written.
MODELS="\${MODELS:-models}"
RESULTS="\${RESULTS:-results}"
# Merged models are as large as an expert each and are removed after their evaluation; yes keeps them.
KEEP_MODELS="\${KEEP_MODELS:-no}"

# merge_model <configuration> <folder to write the model to>
merge_model() {
  mergekit-yaml "$1" "$2"
}

# evaluate_model <folder of the model> <folder to write at least one .json to>
evaluate_model() {
  lm_eval --model hf --model_args "pretrained=$1,$MODEL_ARGS" --tasks "$TASKS" --batch_size auto --output_path "$2"
}
# --------------------------------------------------------------------------------------------------

cd "$(dirname "\${BASH_SOURCE[0]}")"

current=""
report() {
  status=$?
  if [ "$status" -ne 0 ] && [ -n "$current" ]; then
    echo "run.sh: stopped at $current (exit status $status). Start it again to go on from there." >&2
  fi
}
trap report EXIT

run_merge() {
  local id="$1"
  if [ ! -f "configs/$id.yaml" ]; then
    echo "run.sh: there is no configs/$id.yaml" >&2
    exit 2
  fi
  if [ -d "$RESULTS/$id" ]; then
    echo "$id: has results, skipped"
    return
  fi
  current="configs/$id.yaml"
  mkdir -p "$MODELS" "$RESULTS"
  if [ ! -d "$MODELS/$id" ]; then
    echo "$id: merging"
    rm -rf "$MODELS/$id.partial"
    merge_model "$current" "$MODELS/$id.partial"
    mv "$MODELS/$id.partial" "$MODELS/$id"
  fi
  echo "$id: evaluating"
  rm -rf "$RESULTS/$id.partial"
  mkdir "$RESULTS/$id.partial"
  evaluate_model "$MODELS/$id" "$RESULTS/$id.partial"
  if [ -z "$(find "$RESULTS/$id.partial" -name '*.json' -print)" ]; then
    echo "run.sh: the evaluation left no .json file" >&2
    exit 1
  fi
  mv "$RESULTS/$id.partial" "$RESULTS/$id"
  if [ "$KEEP_MODELS" != yes ]; then rm -rf "\${MODELS:?}/$id"; fi
  current=""
}

if [ -z "$TASKS" ]; then
  echo "run.sh: no tasks: set TASKS at its head or in the environment, for example TASKS=hellaswag,arc_easy" >&2
  exit 2
fi
if [ "$#" -eq 0 ]; then
  # The first column of coefficients.csv, without its title.
  ids=()
  while IFS=, read -r id _; do ids+=("$id"); done < <(tail -n +2 coefficients.csv)
  set -- "\${ids[@]}"
fi
for id in "$@"; do run_merge "$id"; done
`;
}

/** @param merges how many configurations the plan has */
export function slurmScript(merges: number): string {
  return `#!/usr/bin/env bash
# Runs this plan as a Slurm array, one merge per task. From the plan's folder: sbatch run.slurm
# Tasks that end early may be submitted again: merges whose results exist are skipped.
# ---- settings: what one merge and its evaluation need; %4 is how many run at the same time ---------
#SBATCH --job-name=merge-plan
#SBATCH --array=0-${merges - 1}%4
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=8
#SBATCH --mem=64G
#SBATCH --time=04:00:00
#SBATCH --output=slurm-%A-%a.log
# Settings of run.sh may be given here too, for example: export TASKS=hellaswag,arc_easy
# --------------------------------------------------------------------------------------------------
set -euo pipefail
cd "\${SLURM_SUBMIT_DIR:-.}"
bash run.sh "$(printf 'merge-%03d' "$SLURM_ARRAY_TASK_ID")"
`;
}

export const RAY_SCRIPT = `"""Runs this plan as a Ray job, one task per merge: python3 run_ray.py

The plan's folder must be visible from every node under the same path. Merges whose results exist are skipped; the others go on
when one fails, and the exit status says whether any did.
"""
import csv
import os
import subprocess
import sys
from pathlib import Path

# ---- settings ------------------------------------------------------------------------------------
GPUS_PER_MERGE = 1
CPUS_PER_MERGE = 8
# Settings of run.sh, here as this program finds them in its environment: other nodes may have another one.
SETTINGS = {name: os.environ[name] for name in ("TASKS", "MODEL_ARGS", "KEEP_MODELS") if name in os.environ}
# --------------------------------------------------------------------------------------------------

FOLDER = Path(__file__).resolve().parent


def names():
    with open(FOLDER / "coefficients.csv", newline="", encoding="utf-8") as file:
        return [row["id"] for row in csv.DictReader(file)]


def run_merge(name):
    command = ["bash", str(FOLDER / "run.sh"), name]
    return name, subprocess.run(command, env={**os.environ, **SETTINGS}).returncode


def main():
    import ray

    ray.init()
    remote = ray.remote(num_gpus=GPUS_PER_MERGE, num_cpus=CPUS_PER_MERGE, max_retries=0)(run_merge)
    waiting = [remote.remote(name) for name in names()]
    failed = []
    while waiting:
        done, waiting = ray.wait(waiting, num_returns=1)
        name, status = ray.get(done[0])
        print(f"{name}: {'done' if status == 0 else f'failed with exit status {status}'}", flush=True)
        if status != 0:
            failed.append(name)
    if failed:
        sys.exit("run_ray.py: failed: " + ", ".join(f"configs/{name}.yaml" for name in failed))


if __name__ == "__main__":
    main()
`;
