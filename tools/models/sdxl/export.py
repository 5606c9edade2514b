"""Writes a `Graph` of networks.py as ONNX with its weights beside it, and compares it with PyTorch."""
import tempfile
import warnings
from pathlib import Path
from typing import Callable

import numpy as np
import onnx
import onnxruntime
import torch

import weights
from half import FLOAT_PARTS, halve
from linear4 import quantize
from networks import Graph

OPSET = 17
# Of the largest value, by what is computed with.
LARGEST_DIFFERENCE = {"float32": 1e-4, "float16": 2e-2}


def trace(graph: Graph, with_weights: bool = True) -> onnx.ModelProto:
    """
    By tracing: torch's newer exporter begins at opset 18 and has no place for an operator of com.microsoft.
    @param with_weights in the graph; else they are inputs, named as the module names them, and nothing is folded
    """
    # Initializers that are no inputs would be merged where they are equal.
    without = {} if with_weights else {"export_params": False, "do_constant_folding": False, "keep_initializers_as_inputs": True}
    feeds = graph.feeds(*graph.sizes[0])
    free = {name: dims for name, dims in {**graph.inputs, **graph.outputs}.items() if dims}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        # Above 2 GB, the exporter puts the weights beside the file.
        path = str(Path(folder) / "traced.onnx")
        torch.onnx.export(
            graph.module, feeds, path, dynamo=False, opset_version=OPSET,
            input_names=list(graph.inputs), output_names=list(graph.outputs), dynamic_axes=free,
            **without,
        )
        model = onnx.load(path)
    name_sizes(model, graph)
    return model


def name_sizes(model: onnx.ModelProto, graph: Graph) -> None:
    """The exporter gives what it cannot follow names of its own. Outputs: `out_height` where it is not the input's."""
    with torch.no_grad():
        outputs = as_tuple(graph.module(*graph.feeds(*graph.sizes[0])))
    inputs = {name: feed.shape for name, feed in zip(graph.inputs, graph.feeds(*graph.sizes[0]))}
    known = {dim: shape[axis] for name, shape in inputs.items() for axis, dim in graph.inputs[name].items()}
    for value, output in zip(model.graph.output, outputs, strict=True):
        free = graph.outputs[value.name]
        for axis, (dim, size) in enumerate(zip(value.type.tensor_type.shape.dim, output.shape, strict=True)):
            if axis not in free:
                dim.dim_value = size
            elif axis == 0 or known.get(free[axis]) == size:
                dim.dim_param = free[axis]
            else:
                dim.dim_param = f"out_{free[axis]}"


def as_tuple(outputs) -> tuple:
    return outputs if isinstance(outputs, tuple) else (outputs,)


def answers(graph: Graph) -> list[tuple]:
    """What PyTorch says, a tuple for each size."""
    with torch.no_grad():
        return [as_tuple(graph.module(*graph.feeds(*size))) for size in graph.sizes]


def difference(expected: list[tuple], found: list[tuple]) -> float:
    """The largest over all sizes and outputs, of the largest value of each."""
    worst = 0.0
    for outputs, others in zip(expected, found, strict=True):
        for a, b in zip(outputs, others, strict=True):
            # NaN is no small difference.
            worst = np.maximum(worst, ((a - b).abs().max() / a.abs().max().clamp(min=1e-6)).item())
    return float(worst)


def onnx_answers(path: Path, graph: Graph) -> list[tuple]:
    """As `answers`, by onnxruntime."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    found = []
    for size in graph.sizes:
        feeds = {name: feed.numpy() for name, feed in zip(graph.inputs, graph.feeds(*size), strict=True)}
        found.append(tuple(torch.from_numpy(output) for output in session.run(list(graph.outputs), feeds)))
    return found


def rewrite(graph: Graph, int4: bool) -> None:
    """For browsers: it answers the same afterwards, but for 4-bit weights."""
    graph.module.rewrite()
    if int4:
        quantize(graph.module, FLOAT_PARTS)


def write(graph: Graph, folder: Path, fill: Callable | None = None) -> dict:
    """@param fill by name and tensor: the numbers to write in place of the tensor's. @returns files and largest tensor"""
    model = trace(graph, with_weights=False)
    tensors = weights.bind(model, graph.module)
    number = (lambda name: fill(name, tensors[name])) if fill else tensors.get
    files = weights.save(model, folder, graph.name, number)
    return {"graph": files[0], "files": files, "largestTensorBytes": max(tensor.nbytes for tensor in tensors.values())}


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
