"""The app's own ONNX networks as fixed functions in PyTorch, through which gradients pass: face mesh and dlib's features."""
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from vision import FACES, ROOT

IDENTITY = ROOT / "public/models/identity/dlib_resnet_128.onnx"
MESH_OUTPUTS = ("landmarks", "presence")
# Of dlib's residual blocks: the last at a quarter of the size, the last at an eighth.
DLIB_BLOCKS = (2, 6)


class Graph(nn.Module):
    """A graph of the operators that both files have. NotImplementedError names one that is missing."""

    def __init__(self, path, outputs: tuple):
        super().__init__()
        graph = onnx.load(str(path)).graph
        self._inputs = [entry.name for entry in graph.input]
        self._outputs = outputs or tuple(entry.name for entry in graph.output)
        self._constants, self._nodes = {}, []
        values = {entry.name: torch.from_numpy(numpy_helper.to_array(entry).copy()) for entry in graph.initializer}
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type in ("Cast", "Mul") and all(name in values for name in node.input):
                parts = [values[name].float() for name in node.input]
                values[node.output[0]] = parts[0] if len(parts) == 1 else parts[0] * parts[1]
            elif node.op_type == "Constant":
                values[node.output[0]] = torch.from_numpy(numpy_helper.to_array(attributes["value"]).copy())
            else:
                self._nodes.append((node.op_type, list(node.input), node.output[0], attributes))
        used = {name for _, inputs, _, _ in self._nodes for name in inputs}
        self._names = {}
        for i, name in enumerate(sorted(used & values.keys())):
            value = values[name]
            self.register_buffer(f"c{i}", value.float() if value.is_floating_point() else value)
            self._names[name] = f"c{i}"

    def forward(self, x: torch.Tensor) -> list:
        known = {self._inputs[0]: x}
        get = lambda name: known[name] if name in known else getattr(self, self._names[name])  # noqa: E731
        missing = set(self._outputs)
        for kind, inputs, output, attributes in self._nodes:
            known[output] = _run(kind, [get(name) for name in inputs if name], attributes)
            missing.discard(output)
            if not missing:
                break
        return [known[name] for name in self._outputs]

    def outputs_of(self, kind: str) -> list:
        return [output for name, _, output, _ in self._nodes if name == kind]


def _run(kind: str, parts: list, attributes: dict) -> torch.Tensor:
    x = parts[0]
    match kind:
        case "Conv":
            top, left, bottom, right = attributes.get("pads", (0, 0, 0, 0))
            if (top, left) != (bottom, right):
                x, top, left = F.pad(x, (left, right, top, bottom)), 0, 0
            bias = parts[2] if len(parts) > 2 else None
            return F.conv2d(x, parts[1], bias, tuple(attributes.get("strides", (1, 1))), (top, left), 1, attributes.get("group", 1))
        case "PRelu":
            return F.prelu(x, parts[1].reshape(-1))
        case "Relu":
            return F.relu(x)
        case "Add":
            return x + parts[1]
        case "Sub":
            return x - parts[1]
        case "Div":
            return x / parts[1]
        case "MaxPool" | "AveragePool":
            pool = F.max_pool2d if kind == "MaxPool" else F.avg_pool2d
            top, left, bottom, right = attributes.get("pads", (0, 0, 0, 0))
            if any((top, left, bottom, right)):
                x = F.pad(x, (left, right, top, bottom), value=float("-inf") if kind == "MaxPool" else 0.0)
            return pool(x, tuple(attributes["kernel_shape"]), tuple(attributes.get("strides", (1, 1))))
        case "Pad":
            pads = parts[1].tolist()
            rank = len(pads) // 2
            return F.pad(x, [int(p) for axis in reversed(range(rank)) for p in (pads[axis], pads[axis + rank])])
        case "Reshape" | "Flatten":
            return x.reshape(x.shape[0], -1)
        case "Sigmoid":
            return torch.sigmoid(x)
    raise NotImplementedError(f"no {kind} in frozen.py")


def mesh() -> Graph:
    """RGB 0..1 [n, 3, 256, 256] to landmarks [n, 1434] (x, y, depth in px) and presence [n, 1] (logit)."""
    return Graph(FACES / "face_mesh_478.onnx", MESH_OUTPUTS).eval().requires_grad_(False)


def dlib_features() -> Graph:
    """RGB 0..255 to 32 features at a quarter and 64 at an eighth of the size; 62 px of 78 is one that its strides fit."""
    graph = Graph(IDENTITY, ())
    sums = graph.outputs_of("Add")
    graph._outputs = tuple(sums[i] for i in DLIB_BLOCKS)
    return graph.eval().requires_grad_(False)


def same_as_onnx(graph: Graph, path, shape: tuple, names: tuple) -> float:
    """Largest difference from onnxruntime on random pixels."""
    from vision import session
    x = np.random.default_rng(1).uniform(0, 1, shape).astype(np.float32)
    expected = session(path).run(list(names), {"input": x})
    with torch.no_grad():
        return max(float(np.abs(a.numpy().reshape(b.shape) - b).max()) for a, b in zip(graph(torch.from_numpy(x)), expected))
