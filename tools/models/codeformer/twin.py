"""Builds test/twins/codeformer and test/golden/codeformer_twin.json: CodeFormer in small, exported as the real one is.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-codeformer.txt
    VENV/bin/python tools/models/codeformer/twin.py

The graph comes without its weights: test/fakes/codeformerTwin.ts makes the same ones, by the rule in `uniform` of
planting.py. Real are the names, the picture's size, the levels with their skips, the 256 numbers of a code and the
operators; there are an eighth of the channels, 2 layers for 9 and 8 codes for 1024.
"""
import itertools
import json
import sys
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch
from torch import nn

import face_libraries
from convert import graph_of
from graph import difference
from network import SIDE
from planting import plant, shortened, spread_keeping
from self_check import noise

TEST = HERE.parents[2] / "test"
FOLDER = TEST / "twins/codeformer"
GOLDEN = TEST / "golden/codeformer_twin.json"
CHANNELS, GROUPS = 8, 4
NARROWER = 64 // CHANNELS
TRANSFORMER = {"dim_embd": 32, "n_head": 4, "n_layers": 2, "codebook_size": 8}
FIDELITIES = (0.0, 0.5, 1.0)
INPUT_SEED = 1
# An odd step meets every row and every column.
EVERY = 2621
# How much larger than usual. Scores that are far apart keep the choice of a code from rounding; the others are small, so
# that a grey level in a photo makes one in the picture and hardly a value leaves -1 to 1.
GAINS = {
    "scores.1.weight": 8, "codebook.weight": 16, "conv2.weight": 0.5, "scale.2.weight": 0.4, "shift.2.weight": 0.4,
    "generator.24.weight": 0.25,
}


def narrow_network(code: face_libraries.RestorationCode) -> nn.Module:
    """The reference's own class with fewer channels: it asks its base for 64 and each norm for 32 groups."""

    class Narrow(code.parts.VQAutoEncoder):
        def __init__(self, side, _channels, *rest):
            super().__init__(side, CHANNELS, *rest)

    class Twin(code.network.CodeFormer, Narrow):
        pass

    def normalize(channels):
        return nn.GroupNorm(GROUPS, channels, eps=1e-6)

    with mock.patch.object(code.parts, "normalize", normalize):
        twin = Twin(**TRANSFORMER, connect_list=[])
        twin.connect_list = ["32", "64", "128", "256"]
        for size in twin.connect_list:
            channels = twin.channels[size] // NARROWER
            twin.fuse_convs_dict[size] = code.network.Fuse_sft_block(channels, channels)
    return twin.eval()


def rule(name: str, value: torch.Tensor) -> tuple[float, float]:
    """Scale and base of a weight: spread is kept by layers, and norms stay near 1."""
    if value.ndim == 1:
        return (0.2, 1.0) if name.endswith("weight") else (0.1, 0.0)
    if name == "place":
        return 1.0, 0.0
    return spread_keeping(value, next((gain for end, gain in GAINS.items() if name.endswith(end)), 1.0))


class PlantedTwin:
    """The reference network with the rule's weights; its graph, and what makes the weights beside it."""

    def __init__(self, code: face_libraries.RestorationCode):
        self.network = narrow_network(code)
        self.graph = graph_of(code, self.network)
        self.model, self.weights = plant(self.graph, rule, itertools.count(1))


def answer(twin: PlantedTwin) -> dict:
    """By the reference: of each output every so manyth value."""
    picture = torch.from_numpy(noise(INPUT_SEED, (1, 3, SIDE, SIDE))).float()
    answers = []
    for fidelity in FIDELITIES:
        with torch.no_grad():
            output = twin.network(picture, w=fidelity, adain=True)[0]
            again = twin.graph.module(picture, torch.tensor([fidelity]))
        print(
            f"fidelity {fidelity}: mean {output.mean():.2f}, spread {output.std():.2f}, largest {output.abs().max():.2f},"
            f" the graph's network {difference([(output,)], [(again,)]):.1e}"
        )
        answers.append({"fidelity": fidelity, "values": [round(value, 6) for value in output.flatten()[::EVERY].tolist()]})
    with torch.no_grad():
        scores, _ = twin.network(picture, code_only=True)
        best, second = scores.topk(2, dim=2).values.unbind(2)
        print(f"codes chosen {scores.argmax(2).unique().numel()}, smallest lead {(best - second).min():.3f} of {scores.std():.2f}")
    return {"seed": INPUT_SEED, "every": EVERY, "dims": list(output.shape), "answers": answers}


def main() -> None:
    twin = PlantedTwin(face_libraries.codeformer())
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "codeformer.onnx").write_bytes(shortened(twin.model).SerializeToString())
    (FOLDER / "weights.json").write_text(json.dumps(twin.weights, separators=(",", ":")) + "\n")
    GOLDEN.write_text(json.dumps(answer(twin), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
