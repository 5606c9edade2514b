"""Writes a `Graph` of networks.py, rewritten for browsers, and compares it with PyTorch."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graph import Graph, answers, difference, onnx_answers, write
from half import FLOAT_PARTS, halve
from linear4 import quantize

# Of the largest value, by what is computed with.
LARGEST_DIFFERENCE = {"float32": 1e-4, "float16": 2e-2}


def rewrite(graph: Graph, int4: bool) -> None:
    """For browsers: it answers the same afterwards, but for 4-bit weights."""
    graph.module.rewrite()
    if int4:
        quantize(graph.module, FLOAT_PARTS)


def kind(half: bool, int4: bool) -> dict:
    arithmetic = "float16" if half else "float32"
    return {"arithmetic": arithmetic, "weights": "int4" if int4 else arithmetic}


def export(graph: Graph, folder: Path, half: bool = False, int4: bool = False) -> dict:
    """
    Rewrites and writes it; its module is gone afterwards. @returns what was compared and found: from PyTorch with the
    same weights, and of 4-bit ones also what they cost. @raises SystemExit when it does not agree with PyTorch
    """
    plain = answers(graph)
    rewrite(graph, int4)
    expected = answers(graph) if int4 else plain
    if half:
        halve(graph)
    written = {**write(graph, folder), **kind(half, int4)}
    # Its memory is onnxruntime's now.
    graph.module = None
    found = difference(expected, onnx_answers(folder / written["graph"], graph))
    if not found <= LARGEST_DIFFERENCE[written["arithmetic"]]:
        raise SystemExit(f"{graph.name} does not agree with PyTorch: {found:.1e} of the largest value")
    cost = {"quantization": difference(plain, expected)} if int4 else {}
    return {
        **written, "difference": found, **cost,
        "sizes": [[list(feed.shape) for feed in graph.feeds(*size)] for size in graph.sizes],
    }
