"""Converts CodeFormer's checkpoint (codeformer.pth of its release v0.1.0) to a pack for the app.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-codeformer.txt
    VENV/bin/python tools/models/codeformer/convert.py codeformer.pth OUT_FOLDER

Writes the graph, its weights (in files of at most 512 MiB), report.json (how far the graph is from the reference code,
measured in onnxruntime at several fidelities) and pack.json. Import the folder's files together. --half makes it half as
large, for GPUs that have shader-f16.
"""
import argparse
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

import catalog
import face_libraries
from graph import Graph, onnx_answers, random, write
from network import SIDE, Restorer

ID, NAME = "codeformer", "codeformer"
# The ends of the scale, the reference's default and the app's.
FIDELITIES = (0.0, 0.5, 0.7, 1.0)
# Of the largest value: everywhere in float32; of half of all values in float16, where some codes may come out as others that
# score as high, and with each a patch of the picture.
LARGEST_DIFFERENCE, LARGEST_MEDIAN_DIFFERENCE_HALF = 1e-4, 1e-2
# The largest activation: 128 channels of the whole square.
LARGEST_ACTIVATION = 128 * SIDE * SIDE
# The published graph's, less its weights: activations and a margin.
ACTIVATION_BYTES = 1_100_000_000


def read(file: Path, code: face_libraries.RestorationCode) -> nn.Module:
    """@raises SystemExit when it is no checkpoint of CodeFormer's"""
    state = torch.load(file, map_location="cpu", weights_only=True)
    if not isinstance(state, dict) or "params_ema" not in state:
        raise SystemExit(f"{file.name} has no `params_ema`: it is no checkpoint of CodeFormer")
    network = code.network.CodeFormer()
    try:
        network.load_state_dict(state["params_ema"])
    except RuntimeError as error:
        raise SystemExit(f"{file.name} is another network: {error}") from None
    return network.eval()


def graph_of(code: face_libraries.RestorationCode, network: nn.Module) -> Graph:
    def feeds(fidelity: float):
        return random(1, 3, SIDE, SIDE).mul(0.5).clamp(-1, 1), torch.tensor([fidelity])

    ends = {"input": {}, "weight": {}}, {"output": {}}
    return Graph(NAME, Restorer(code, network).eval(), *ends, feeds, [(fidelity,) for fidelity in FIDELITIES])


def reference_answers(network: nn.Module, graph: Graph) -> list[torch.Tensor]:
    with torch.no_grad():
        return [network(graph.feeds(w)[0], w=w, adain=True)[0] for w in FIDELITIES]


def compare(expected: list[torch.Tensor], found: list[tuple]) -> list[dict]:
    """For each fidelity the largest, the mean and the median difference, of the largest value."""
    compared = []
    for fidelity, a, (b,) in zip(FIDELITIES, expected, found, strict=True):
        apart, scale = (a - b).abs(), a.abs().max()
        compared.append({
            "fidelity": fidelity, "largest": (apart.max() / scale).item(), "mean": (apart.mean() / scale).item(),
            "median": (apart.median() / scale).item(),
        })
    return compared


def export(code: face_libraries.RestorationCode, network: nn.Module, folder: Path, half: bool) -> dict:
    """@returns what was written and compared. @raises SystemExit when it does not agree with the reference"""
    graph = graph_of(code, network)
    expected = reference_answers(network, graph)
    if half:
        graph.module.halve()
    written = write(graph, folder)
    compared = compare(expected, onnx_answers(folder / written["graph"], graph))
    for entry in compared:
        print("fidelity {fidelity}: {largest:.1e} of the largest value, on average {mean:.1e}, median {median:.1e}".format(**entry), flush=True)
        # NaN is no small difference.
        close = entry["median"] <= LARGEST_MEDIAN_DIFFERENCE_HALF if half else entry["largest"] <= LARGEST_DIFFERENCE
        if not close:
            raise SystemExit("the graph does not agree with the reference")
    return {**written, "arithmetic": "float16" if half else "float32", "differences": compared}


def pack_of(folder: Path, report: dict, source: Path | None) -> dict:
    """@param source the checkpoint; none: random"""
    half = report["arithmetic"] == "float16"
    made = source and {
        "package": "github:sczhou/CodeFormer", "version": "v0.1.0", "file": source.name,
        "sourceSha256": catalog.sha256(source.read_bytes()),
        "about": f"CodeFormer in {report['arithmetic']}, adaptive instance normalization on",
    }
    needs = {"features": ["shader-f16"] if half else [], "bufferBytes": LARGEST_ACTIVATION * (2 if half else 4)}
    return catalog.converted_pack(ID, folder, [*report["files"], "report.json"], made, needs, ACTIVATION_BYTES)


def convert(
    code: face_libraries.RestorationCode, network: nn.Module, folder: Path, half: bool = False, source: Path | None = None,
) -> dict:
    """@returns the pack. @param source the checkpoint that the network was read from; none: it is random"""
    # The reference and the exporter use names that torch calls old.
    warnings.simplefilter("ignore")
    folder.mkdir(parents=True, exist_ok=True)
    report = export(code, network, folder, half)
    versions = {module.__name__: module.__version__ for module in (torch, onnx, onnxruntime, np)}
    name = source.name if source else "random weights"
    catalog.write_json(folder / "report.json", {"source": name, "versions": versions, **report})
    pack = pack_of(folder, report, source)
    catalog.write_json(folder / "pack.json", pack)
    return pack


def main() -> None:
    parser = argparse.ArgumentParser(description="Converts CodeFormer's checkpoint to a pack for the app.")
    parser.add_argument("checkpoint", type=Path, metavar="codeformer.pth")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("--half", action="store_true", help="weights and arithmetic in float16, inputs and outputs in float32")
    arguments = parser.parse_args()
    code = face_libraries.codeformer()
    network = read(arguments.checkpoint, code)
    convert(code, network, arguments.folder, arguments.half, arguments.checkpoint)


if __name__ == "__main__":
    main()
