"""Builds workers/gpu/cases: tiny graphs that the GPU's self-check runs, and the numbers they must give.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python self_check.py

The numbers come from numpy in float64 and are compared here with onnxruntime's CPU kernels. Float16 holds every input and
weight exactly, so that one list of numbers serves the float32 and the float16 graph.
"""
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).resolve().parents[2] / "workers/gpu/cases"
PRECISIONS = {"float32": np.float32, "float16": np.float16}
# Of the largest value. onnxruntime's CPU kernels stay far below; a wrong reference is far above.
LIMITS = {"float32": 1e-5, "float16": 2e-2}
SAMPLES = 260


@dataclass(frozen=True)
class Input:
    """`dims` numbers from -1 to 1 (a sequence of its own for each seed), times `scale`, plus `offset`."""
    name: str
    dims: tuple
    seed: int
    scale: float = 1
    offset: float = 0

    def values(self) -> np.ndarray:
        return noise(self.seed, self.dims) * self.scale + self.offset


@dataclass(frozen=True)
class Case:
    operator: str
    inputs: list
    nodes: list
    weights: dict
    outputs: dict


def noise(seed: int, dims: tuple) -> np.ndarray:
    """The top byte of a linear congruential generator, as multiples of 1/128. `workers/gpu/noise.ts` has its twin."""
    state, values = seed, []
    for _ in range(int(np.prod(dims))):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((state >> 24) / 128 - 1)
    return np.array(values).reshape(dims)


def convolution(operator: str, channels: int, seed: int) -> Case:
    """3x3 with padding on a picture that is not square, to a multiple of four channels."""
    height, width, out = 20, 24, 16
    x = Input("x", (1, channels, height, width), seed)
    w, b = noise(seed + 1, (out, channels, 3, 3)), noise(seed + 2, (out,))
    padded = np.pad(x.values(), ((0, 0), (0, 0), (1, 1), (1, 1)))
    y = sum(
        np.einsum("oc,nchw->nohw", w[:, :, i, j], padded[:, :, i : i + height, j : j + width])
        for i in range(3) for j in range(3)
    ) + b[:, None, None]
    node = helper.make_node("Conv", ["x", "w", "b"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    return Case(operator, [x], [node], {"w": w, "b": b}, {"y": y})


def attention() -> Case:
    """Self attention over 256 places and cross attention to 77, two heads of 64: the shapes of diffusion networks.

    The queries' scale makes the softmax neither flat, where wrong scores hardly show, nor sharp, where a wrong sum hardly does.
    """
    heads, size, places, words = 2, 64, 256, 77
    q = Input("q", (1, places, heads * size), 11, scale=2)
    k, v = (Input(n, (1, places, heads * size), s) for n, s in (("k", 12), ("v", 13)))
    cross_k, cross_v = (Input(n, (1, words, heads * size), s) for n, s in (("cross_k", 14), ("cross_v", 15)))

    def attend(keys: Input, values: Input) -> np.ndarray:
        split = [i.values().reshape(-1, heads, size).transpose(1, 0, 2) for i in (q, keys, values)]
        scores = split[0] @ split[1].transpose(0, 2, 1) / np.sqrt(size)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = weights / weights.sum(axis=-1, keepdims=True) @ split[2]
        return mixed.transpose(1, 0, 2).reshape(1, places, heads * size)

    nodes = [
        helper.make_node("MultiHeadAttention", ["q", *pair], [name], domain="com.microsoft", num_heads=heads)
        for name, pair in (("self", ("k", "v")), ("cross", ("cross_k", "cross_v")))
    ]
    outputs = {"self": attend(k, v), "cross": attend(cross_k, cross_v)}
    return Case("attention", [q, k, v, cross_k, cross_v], nodes, {}, outputs)


def matmul_4bit() -> Case:
    """Blocks of 32 along K, one scale each, zero point 8, the low nibble first."""
    m, k, n, block = 40, 128, 64, 32
    x = Input("x", (1, m, k), 21)
    levels = ((noise(22, (n, k // block, block)) + 1) * 8).astype(np.uint8)
    scales = (noise(23, (n, k // block)) + 2) / 16
    packed = levels[..., 0::2] | levels[..., 1::2] << 4
    weights = ((levels.astype(float) - 8) * scales[..., None]).reshape(n, k)
    node = helper.make_node(
        "MatMulNBits", ["x", "packed", "scales"], ["y"], domain="com.microsoft", K=k, N=n, bits=4, block_size=block,
    )
    return Case("matmul-4bit", [x], [node], {"packed": packed, "scales": scales.reshape(-1)}, {"y": x.values() @ weights.T})


def instance_norm() -> Case:
    """A GroupNorm as it is exported. The mean of 8 makes the sum of squares too large for float16."""
    channels, groups, height, width = 16, 4, 20, 24
    x = Input("x", (1, channels, height, width), 31, offset=8)
    scale, bias = noise(32, (channels, 1, 1)), noise(33, (channels, 1, 1))
    rows = x.values().reshape(1, groups, -1)
    normal = (rows - rows.mean(axis=-1, keepdims=True)) / np.sqrt(rows.var(axis=-1, keepdims=True) + 1e-5)
    nodes = [
        helper.make_node("Reshape", ["x", "by_group"], ["rows"]),
        helper.make_node("InstanceNormalization", ["rows", "ones", "zeros"], ["normal"], epsilon=1e-5),
        helper.make_node("Reshape", ["normal", "by_channel"], ["back"]),
        helper.make_node("Mul", ["back", "scale"], ["scaled"]),
        helper.make_node("Add", ["scaled", "bias"], ["y"]),
    ]
    weights = {
        "by_group": np.array([1, groups, -1], np.int64), "by_channel": np.array([1, channels, height, width], np.int64),
        "ones": np.ones(groups), "zeros": np.zeros(groups), "scale": scale, "bias": bias,
    }
    return Case("instance-norm", [x], nodes, weights, {"y": normal.reshape(1, channels, height, width) * scale + bias})


def model_of(case: Case, precision: str) -> onnx.ModelProto:
    """Inputs and outputs are float32 in both precisions; a float16 graph converts at its ends."""
    dtype = PRECISIONS[precision]
    nodes = case.nodes if precision == "float32" else halved(case)
    weights = [
        numpy_helper.from_array(value.astype(dtype) if value.dtype == float else value, name)
        for name, value in case.weights.items()
    ]
    graph = helper.make_graph(
        nodes, case.operator,
        [helper.make_tensor_value_info(i.name, TensorProto.FLOAT, i.dims) for i in case.inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, y.shape) for name, y in case.outputs.items()],
        weights,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="open-the-eyes")
    onnx.checker.check_model(model)
    return model


def halved(case: Case) -> list:
    half = {name: f"{name}_half" for name in [*(i.name for i in case.inputs), *case.outputs]}
    nodes = [helper.make_node("Cast", [i.name], [half[i.name]], to=TensorProto.FLOAT16) for i in case.inputs]
    for node in case.nodes:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.input[:] = [half.get(name, name) for name in node.input]
        copy.output[:] = [half.get(name, name) for name in node.output]
        nodes.append(copy)
    return nodes + [helper.make_node("Cast", [half[name]], [name], to=TensorProto.FLOAT) for name in case.outputs]


def check(case: Case, precision: str, model: onnx.ModelProto) -> None:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    feeds = {i.name: i.values().astype(np.float32) for i in case.inputs}
    for found, (name, y) in zip(session.run(None, feeds), case.outputs.items()):
        difference = float(np.abs(found - y).max() / np.abs(y).max())
        print(f"{case.operator} {precision} {name}: {difference:.1e} of the largest value, {np.abs(y).max():.2f}")
        if difference > LIMITS[precision]:
            raise SystemExit(f"{case.operator} {precision} does not agree with onnxruntime's CPU kernels")


def described(case: Case) -> dict:
    def sample(name: str, y: np.ndarray) -> dict:
        # An odd step meets every row and every column, whatever the (even) width.
        step = y.size // SAMPLES | 1
        values = [float(f"{v:.5g}") for v in y.ravel()[::step]]
        return {"name": name, "dims": y.shape, "step": step, "values": values}

    return {
        "operator": case.operator,
        "inputs": [asdict(i) for i in case.inputs],
        "outputs": [sample(name, y) for name, y in case.outputs.items()],
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    cases = [convolution("conv-12", 12, 1), convolution("conv-9", 9, 4), attention(), matmul_4bit(), instance_norm()]
    content = hashlib.sha256()
    for case in cases:
        for precision in PRECISIONS:
            model = model_of(case, precision)
            check(case, precision, model)
            data = model.SerializeToString()
            (FOLDER / f"{case.operator}.{precision}.onnx").write_bytes(data)
            content.update(data)
    numbers = [described(case) for case in cases]
    content.update(json.dumps(numbers).encode())
    # A check made with other cases is not remembered for these.
    text = json.dumps({"revision": content.hexdigest()[:16], "cases": numbers}, separators=(",", ":"))
    (FOLDER / "cases.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
