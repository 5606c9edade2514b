"""Builds test/twins/parsenet and test/golden/parsenet_twin.json: ParseNet in small, exported as the real one is.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-retinaface.txt
    VENV/bin/python tools/models/parsenet/twin.py

Real are the names, the picture's size, the five levels, the classes and the operators; there are 4 to 6 channels for 64 to
256 and one block for ten between the halves. It parses no faces: each class has its share of the pixels.
"""
import json
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch
from torch import nn

import face_libraries
from convert import graph_of, picture, reference_scores
from graph import trace
from network import CLASSES, SIDE
from planting import shortened
from self_check import noise

TEST = HERE.parents[2] / "test"
FOLDER = TEST / "twins/parsenet"
GOLDEN = TEST / "golden/parsenet_twin.json"
NARROW = {"base_ch": 4, "ch_range": [4, 6], "res_depth": 1}
INPUT_SEED = 1
# An odd step meets every row and every column.
EVERY = 101
# Of the scores' spread: two classes nearer than this may change places when sums are rounded in another order.
TIE = 1e-3
DIGITS = "0123456789abcdefghi"


def random_network() -> nn.Module:
    """The reference's own class with few channels, random weights and norms that do something."""
    torch.manual_seed(3)
    network = face_libraries.parsenet().ParseNet(in_size=SIDE, out_size=SIDE, parsing_ch=CLASSES, **NARROW).eval()
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            for numbers, low, high in (
                (layer.running_mean, -0.2, 0.2), (layer.running_var, 0.1, 0.4), (layer.weight.data, 0.7, 1.3), (layer.bias.data, -0.2, 0.2),
            ):
                numbers.uniform_(low, high)
    return levelled(network)


def levelled(network: nn.Module) -> nn.Module:
    """Every class scores 0 on average and as widely: none is everywhere."""
    scores = reference_scores(network, picture("noise"))
    mean, spread = scores.mean((0, 2, 3)), scores.std((0, 2, 3))
    last = network.out_mask_conv.conv2d
    last.bias.data = (last.bias.data - mean) / spread
    last.weight.data /= spread[:, None, None, None]
    return network


def answer(network: nn.Module) -> dict:
    """Of the reference, a digit for every so manyth pixel; a dot where two classes score alike."""
    scores = reference_scores(network, torch.from_numpy(noise(INPUT_SEED, (1, 3, SIDE, SIDE))).float())
    (best, second), (first, _) = (part.unbind(1) for part in scores.topk(2, dim=1))
    clear = (best - second) > TIE * scores.std()
    digits = "".join(DIGITS[number] if sure else "." for number, sure in zip(first.flatten()[::EVERY].tolist(), clear.flatten()[::EVERY].tolist()))
    print(f"{len(digits)} pixels, {digits.count('.')} ties, {len(set(digits) - {'.'})} classes")
    return {"seed": INPUT_SEED, "every": EVERY, "dims": list(first.shape), "classes": digits}


def main() -> None:
    warnings.simplefilter("ignore")
    network = random_network()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "parsenet.onnx").write_bytes(shortened(trace(graph_of(network))).SerializeToString())
    GOLDEN.write_text(json.dumps(answer(network), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
