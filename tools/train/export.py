"""The ONNX file that the app ships: float16 weights, float32 arithmetic, inputs and outputs.

    python tools/train/export.py .cache/train/runs/NAME/weights.pt OUT.onnx

Prints a line of JSON: size, multiplications, parameters, the largest difference from PyTorch (codes of 255) and ms per face in
onnxruntime on one thread. Fails where the difference, the size or an operator is beyond the limits.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

import vision
from network import NETWORKS, example, macs

INPUTS = ("picture", "mask", "guide", "noise", "context", "style")
OPSET = 17
MOST_MB, MOST_DIFFERENCE, MOST_GMAC = 8.0, 1.0, 0.65
# What onnxruntime-web has kernels for on WASM and on WebGPU.
OPERATORS = {"Conv", "LeakyRelu", "Resize", "DepthToSpace", "SpaceToDepth", "Slice", "Concat", "Split", "Gemm", "ReduceMean", "Add", "Sub", "Mul",
             "Cast", "Pad", "Reshape", "Transpose", "Constant", "Unsqueeze", "AveragePool", "Clip"}
# Small tensors stay float32: nothing is won by making them smaller.
LEAST_VALUES = 256
TIMED = 20


class Clipped(torch.nn.Module):
    def __init__(self, network: torch.nn.Module):
        super().__init__()
        self.network = network

    def forward(self, *inputs):
        return self.network(*inputs).clamp(0, 1)


def load(path: Path) -> torch.nn.Module:
    saved = torch.load(path, "cpu", weights_only=True)
    network = NETWORKS[saved["kind"]]()
    network.load_state_dict(saved["weights"])
    return network.eval()


def export(network: torch.nn.Module, path: Path) -> None:
    torch.onnx.export(Clipped(network), example(), str(path), input_names=list(INPUTS), output_names=["eyes"], opset_version=OPSET, dynamo=False)
    fold(path)
    model = onnx.load(str(path))
    halve(model.graph)
    used = [entry for entry in model.opset_import if entry.domain == ""]
    del model.opset_import[:]
    model.opset_import.extend(used)
    onnx.checker.check_model(model, full_check=True)
    if odd := {node.op_type for node in model.graph.node} - OPERATORS:
        raise SystemExit(f"operators that the app was not tried with: {', '.join(sorted(odd))}")
    onnx.save(model, str(path))


def fold(path: Path) -> None:
    """Computes once what depends on no input: shapes, above all."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def halve(graph: onnx.GraphProto) -> None:
    """Weights as float16, each with a Cast back, as public/models/faces/face_mesh_478.onnx has them."""
    kept, casts = [], []
    for entry in graph.initializer:
        values = numpy_helper.to_array(entry)
        if entry.data_type != TensorProto.FLOAT or values.size < LEAST_VALUES:
            kept.append(entry)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), entry.name + "_half"))
        casts.append(helper.make_node("Cast", [entry.name + "_half"], [entry.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)


def difference(network: torch.nn.Module, path: Path) -> float:
    """Largest difference of the file in onnxruntime from the network with its weights rounded to float16, codes of 255."""
    random = np.random.default_rng(2)
    inputs = [random.uniform(0, 1, tuple(t.shape)).astype(np.float32) for t in example()]
    rounded = {name: v.half().float() if v.numel() >= LEAST_VALUES else v for name, v in network.state_dict().items()}
    twin = type(network)()
    twin.load_state_dict(rounded)
    with torch.no_grad():
        expected = Clipped(twin)(*map(torch.from_numpy, inputs)).numpy()
    (found,) = vision.session(path).run(None, dict(zip(INPUTS, inputs)))
    return float(np.abs(found - expected).max() * 255)


def milliseconds(path: Path) -> float:
    """Least of some runs on one thread: other work on the machine only adds to it."""
    session, feeds = vision.session(path), {name: t.numpy() for name, t in zip(INPUTS, example())}
    session.run(None, feeds)
    times = []
    for _ in range(TIMED):
        start = time.perf_counter()
        session.run(None, feeds)
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def check(network: torch.nn.Module, path: Path) -> None:
    """Prints the figures of the network's exported file. SystemExit beyond the limits."""
    report = {
        "weights_mb": round(path.stat().st_size / 1e6, 3), "gmac": round(macs(network) / 1e9, 3),
        "parameters": sum(p.numel() for p in network.parameters()), "difference_codes": round(difference(network, path), 4),
        "ms_per_face_native_1t": round(milliseconds(path), 1),
    }
    print(json.dumps(report))
    if report["weights_mb"] > MOST_MB or report["difference_codes"] > MOST_DIFFERENCE or report["gmac"] > MOST_GMAC:
        raise SystemExit("beyond the limits of size, difference or multiplications")


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    network = load(source)
    export(network, target)
    check(network, target)


if __name__ == "__main__":
    main()
