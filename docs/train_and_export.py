"""Trains a base and one expert per task, and exports them as Merge Studio reads them (docs/own-models.md).

    pip install torch numpy safetensors
    python train_and_export.py OUT digits=digits-images-idx3-ubyte.gz,digits-labels-idx1-ubyte.gz letters=…,…
    python train_and_export.py OUT --inputs 1024 reviews=reviews.tsv news=news.tsv     (lines: label, tab, text)
"""
import argparse
import gzip
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F


def read_idx(path):
    data = pathlib.Path(path).read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    assert data[:3] == b"\0\0\x08", f"{path}: not an IDX file of unsigned bytes"
    sides = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(sides)


def ngrams(text, inputs):
    """Counts of 1 to 3 characters, each at the FNV-1a hash of its UTF-8 bytes, scaled to length 1."""
    counts = np.zeros(inputs)
    for size in (1, 2, 3):
        for start in range(len(text) - size + 1):
            code = 0x811C9DC5
            for byte in text[start : start + size].encode():
                code = (code ^ byte) * 0x01000193 & 0xFFFFFFFF
            counts[code % inputs] += 1
    return (counts / (np.sqrt(np.sum(counts**2)) or 1)).astype(np.float32)


def load(files, inputs):
    """Samples [n, inputs], classes [n] and the names of the classes."""
    if "," in files:
        images, labels = (read_idx(path) for path in files.split(","))
        classes = torch.tensor(labels.astype(np.int64))
        return torch.tensor(images.reshape(len(images), -1) / np.float32(255)), classes, [str(i) for i in range(classes.max() + 1)]
    rows = [line.split("\t", 1) for line in open(files, encoding="utf-8").read().splitlines() if line]
    names = sorted({label for label, _ in rows})
    samples = np.stack([ngrams(text, inputs) for _, text in rows])
    return torch.tensor(samples), torch.tensor([names.index(label) for label, _ in rows]), names


class Perceptron(nn.Module):
    def __init__(self, inputs, widths, classes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip([inputs, *widths], widths))
        self.heads = nn.ModuleDict({task: nn.Linear(widths[-1], count) for task, count in classes.items()})

    def forward(self, x, task):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.heads[task](x)


def train(net, tasks, parameters, steps, rate, weight_decay=0.01):
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=weight_decay)
    for _ in range(steps):
        losses = []
        for task, (samples, classes, _) in tasks.items():
            pick = torch.randint(len(samples), (128,))
            losses.append(F.cross_entropy(net(samples[pick], task), classes[pick]))
        optimiser.zero_grad()
        sum(losses).backward()
        optimiser.step()


def export(net, tasks, path):
    kept = [f"heads.{task}." for task in tasks] + ["layers."]
    tensors = {name: t.contiguous() for name, t in net.state_dict().items() if name.startswith(tuple(kept))}
    names = {f"classes.{task}": json.dumps(classes) for task, (_, _, classes) in tasks.items()}
    save_file(tensors, path, {"architecture": "mlp", "activation": "relu", "classifier": "linear", **names})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("tasks", nargs="+", help="name=IMAGES,LABELS or name=LINES.tsv")
    parser.add_argument("--widths", default="128,64")
    parser.add_argument("--inputs", type=int, default=1024, help="of text; images have their own size")
    parser.add_argument("--base-steps", type=int, default=200)
    parser.add_argument("--steps", type=int, default=300)
    given = parser.parse_args()
    torch.manual_seed(1)
    tasks = {name: load(files, given.inputs) for name, _, files in (task.partition("=") for task in given.tasks)}
    inputs = next(iter(tasks.values()))[0].shape[1]
    net = Perceptron(inputs, [int(w) for w in given.widths.split(",")], {task: len(names) for task, (_, _, names) in tasks.items()})
    given.out.mkdir(parents=True, exist_ok=True)
    train(net, tasks, net.parameters(), given.base_steps, 1e-3)
    export(net, tasks, given.out / "base.safetensors")
    base = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    for task, data in tasks.items():
        # Every expert starts from the base; its head stays as it was, so that merged networks can use it.
        net.load_state_dict(base)
        train(net, {task: data}, net.layers.parameters(), given.steps, 1e-3)
        export(net, {task: data}, given.out / f"{task}.safetensors")


if __name__ == "__main__":
    main()
