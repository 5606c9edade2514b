"""A network to export: traced, written as ONNX with its weights beside it, and compared with PyTorch in onnxruntime."""
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

import weights

OPSET = 17


@dataclass
class Graph:
    name: str
    module: nn.Module
    # By name: which dimensions are free, and what they are called.
    inputs: dict
    outputs: dict
    # Of batch, height and width: one array for each input, in their order.
    feeds: Callable
    # The sizes to trace with and to check.
    sizes: list = field(default_factory=lambda: [(1, 16, 16), (2, 16, 24)])


def random(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


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


def write(graph: Graph, folder: Path, fill: Callable | None = None) -> dict:
    """@param fill by name and tensor: the numbers to write in place of the tensor's. @returns files and largest tensor"""
    model = trace(graph, with_weights=False)
    tensors = weights.bind(model, graph.module)
    number = (lambda name: fill(name, tensors[name])) if fill else tensors.get
    files = weights.save(model, folder, graph.name, number)
    return {"graph": files[0], "files": files, "largestTensorBytes": max(tensor.nbytes for tensor in tensors.values())}
