"""Converts ParseNet's weights (parsing_parsenet.pth of facexlib's release v0.2.2) to a pack for the app.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-retinaface.txt
    VENV/bin/python tools/models/parsenet/convert.py parsing_parsenet.pth OUT_FOLDER

Writes the graph, its weights, report.json (how far the graph's classes are from the reference code's scores, measured in
onnxruntime) and pack.json. Import the folder's files together. Prints which classes the sample picture has: with trained
weights, skin (1), brows, eyes, nose and lips are among them.
"""
import argparse
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import cv2
import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

import catalog
import face_libraries
from graph import Graph, onnx_answers, random, write
from network import CLASSES, SIDE, Parser

ID, NAME = "parsenet", "parsenet"
SAMPLE = HERE.parents[2] / "public/sample/eileen-collins.jpg"
PICTURES = ("sample", "noise")
# Where the graph names another class, that one scores so near the best in the reference, of the largest score.
LARGEST_SHORTFALL = 1e-4
# A process with onnxruntime-web on the CPU came to 1.2 GB, Node and weights included.
ACTIVATION_BYTES = 900_000_000


def read(file: Path) -> nn.Module:
    """@raises SystemExit when it holds no weights of ParseNet's"""
    network = face_libraries.parsenet().ParseNet(in_size=SIDE, out_size=SIDE, parsing_ch=CLASSES)
    try:
        network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
    except (RuntimeError, TypeError) as error:
        raise SystemExit(f"{file.name} holds no weights of ParseNet: {error}") from None
    return network.eval()


def picture(name: str) -> torch.Tensor:
    """[1, 3, 512, 512], RGB from -1 to 1, as the helper of facexlib feeds it."""
    if name == "noise":
        return random(1, 3, SIDE, SIDE).mul(0.5).clamp(-1, 1)
    codes = cv2.resize(cv2.imread(str(SAMPLE)), (SIDE, SIDE))[..., ::-1].astype(np.float32)
    return torch.from_numpy(codes.transpose(2, 0, 1)[None] / 255).sub(0.5).div(0.5)


def graph_of(network: nn.Module) -> Graph:
    ends = {"input": {}}, {"classes": {}}
    return Graph(NAME, Parser(network).eval(), *ends, lambda name: (picture(name),), [(name,) for name in PICTURES])


def reference_scores(network: nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return network(x)[0]


def compare(name: str, scores: torch.Tensor, classes: torch.Tensor) -> dict:
    """How many pixels have another class than the reference's, and by how much these score less at most."""
    classes = classes.long()[:, None]
    apart = (scores.amax(1, keepdim=True) - scores.gather(1, classes)) / scores.abs().max()
    others = (scores.argmax(1, keepdim=True) != classes).sum().item()
    found = torch.bincount(classes.flatten(), minlength=CLASSES).tolist()
    return {"picture": name, "otherClasses": others, "largestShortfall": apart.max().item(), "pixels": found}


def export(network: nn.Module, folder: Path) -> dict:
    """@returns what was written and compared. @raises SystemExit when it does not agree with the reference"""
    graph = graph_of(network)
    written = write(graph, folder)
    answers = onnx_answers(folder / written["graph"], graph)
    compared = []
    for name, (classes,) in zip(PICTURES, answers, strict=True):
        entry = compare(name, reference_scores(network, picture(name)), classes)
        print("{picture}: {otherClasses} other classes, at most {largestShortfall:.1e} less; pixels {pixels}".format(**entry), flush=True)
        # NaN is no small difference.
        if not entry["largestShortfall"] <= LARGEST_SHORTFALL:
            raise SystemExit("the graph does not agree with the reference")
        compared.append(entry)
    return {**written, "differences": compared}


def pack_of(folder: Path, report: dict, source: Path | None) -> dict:
    """@param source the weights; none: random"""
    made = source and {
        "package": "github:xinntao/facexlib", "version": "v0.2.2", "file": source.name,
        "sourceSha256": catalog.sha256(source.read_bytes()),
        "about": "ParseNet of PSFR-GAN as facexlib releases it, in float32, with the class of each pixel as its answer",
    }
    return catalog.converted_pack(ID, folder, [*report["files"], "report.json"], made, {}, ACTIVATION_BYTES)


def convert(network: nn.Module, folder: Path, source: Path | None = None) -> dict:
    """@returns the pack. @param source what the network was read from; none: it is random"""
    # The exporter uses names that torch calls old.
    warnings.simplefilter("ignore")
    folder.mkdir(parents=True, exist_ok=True)
    report = export(network, folder)
    versions = {module.__name__: module.__version__ for module in (torch, onnx, onnxruntime, np)}
    name = source.name if source else "random weights"
    catalog.write_json(folder / "report.json", {"source": name, "versions": versions, **report})
    pack = pack_of(folder, report, source)
    catalog.write_json(folder / "pack.json", pack)
    return pack


def main() -> None:
    parser = argparse.ArgumentParser(description="Converts ParseNet's weights to a pack for the app.")
    parser.add_argument("weights", type=Path, metavar="parsing_parsenet.pth")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    arguments = parser.parse_args()
    convert(read(arguments.weights), arguments.folder, arguments.weights)


if __name__ == "__main__":
    main()
