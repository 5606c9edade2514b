"""Writes a `Graph` of networks.py as ONNX with its weights beside it, and compares it with PyTorch."""
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, numpy_helper

from half import halve
from networks import Graph

OPSET = 17
# onnxruntime-web reads a weights file into one array unless it has JSPI; half a gigabyte always fits.
LARGEST_FILE_BYTES = 512 * 1024 * 1024
# Numbers below this many bytes stay in the graph: shapes, scales, constants.
SMALL_BYTES = 1024
# Of the largest value.
LARGEST_DIFFERENCE = {"float32": 1e-4, "float16": 2e-2}


def trace(graph: Graph) -> onnx.ModelProto:
    """By tracing: torch's newer exporter begins at opset 18 and has no place for an operator of com.microsoft."""
    feeds = graph.feeds(*graph.sizes[0])
    free = {name: dims for name, dims in {**graph.inputs, **graph.outputs}.items() if dims}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        # Above 2 GB, the exporter puts the weights beside the file.
        path = str(Path(folder) / "traced.onnx")
        torch.onnx.export(
            graph.module, feeds, path, dynamo=False, opset_version=OPSET,
            input_names=list(graph.inputs), output_names=list(graph.outputs), dynamic_axes=free,
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


def save(model: onnx.ModelProto, folder: Path, name: str) -> list[str]:
    """Writes NAME.onnx and NAME.0.weights, NAME.1.weights … cut between tensors; returns the files' names."""
    names, size, file = [f"{name}.onnx"], LARGEST_FILE_BYTES, None
    for tensor in model.graph.initializer:
        data = numpy_helper.to_array(tensor).tobytes()
        if len(data) < SMALL_BYTES:
            continue
        if size + len(data) > LARGEST_FILE_BYTES:
            if file:
                file.close()
            names.append(f"{name}.{len(names) - 1}.weights")
            file, size = (folder / names[-1]).open("wb"), 0
        file.write(data)
        point_to(tensor, names[-1], size, len(data))
        size += len(data)
    if file:
        file.close()
    (folder / names[0]).write_bytes(model.SerializeToString())
    return names


def point_to(tensor: TensorProto, path: str, offset: int, length: int) -> None:
    """Takes the numbers out of the graph, which then says where they are."""
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    tensor.data_location = TensorProto.EXTERNAL
    del tensor.external_data[:]
    for key, value in (("location", path), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))


def largest_tensor(model: onnx.ModelProto) -> int:
    """Bytes; to be asked before `save`."""
    return max(numpy_helper.to_array(tensor).nbytes for tensor in model.graph.initializer)


def compare(path: Path, graph: Graph, expected: list[tuple]) -> float:
    """Largest difference in onnxruntime over all sizes and outputs, of the largest value of each."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    worst = 0.0
    for size, outputs in zip(graph.sizes, expected, strict=True):
        feeds = {name: feed.numpy() for name, feed in zip(graph.inputs, graph.feeds(*size), strict=True)}
        found = session.run(list(graph.outputs), feeds)
        for a, b in zip(outputs, found, strict=True):
            # NaN is no small difference.
            worst = np.maximum(worst, np.abs(a.numpy() - b).max() / max(1e-6, np.abs(a.numpy()).max()))
    return float(worst)


def export(graph: Graph, folder: Path, half: bool = False) -> dict:
    """Rewrites and writes it. @returns what was compared and found. @raises SystemExit when it does not agree with PyTorch."""
    expected = answers(graph)
    graph.module.rewrite()
    if half:
        halve(graph)
    model = trace(graph)
    largest = largest_tensor(model)
    files = save(model, folder, graph.name)
    del model
    weights = "float16" if half else "float32"
    difference = compare(folder / files[0], graph, expected)
    if not difference <= LARGEST_DIFFERENCE[weights]:
        raise SystemExit(f"{graph.name} does not agree with PyTorch: {difference:.1e} of the largest value")
    return {
        "graph": files[0], "files": files, "weights": weights, "difference": difference, "largestTensorBytes": largest,
        "sizes": [[list(feed.shape) for feed in graph.feeds(*size)] for size in graph.sizes],
    }
