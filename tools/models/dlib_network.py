"""
Reads dlib's face_recognition_resnet_model_v1 and writes it as ONNX.

A dlib file is its layers from the input on; each tensor is `version 2, four sizes, float32 values`, sizes written as
a byte count and that many bytes. The layers are those of dlib's examples/dnn_face_recognition_ex.cpp.
"""
from typing import NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 150
# Mean colour that dlib's input layer takes off before it divides by 256, RGB.
MEAN = (122.782, 117.001, 104.298)
# Filters of each residual block and whether it halves the picture, from the input on.
BLOCKS = [
    *[(32, False)] * 3, (64, True), *[(64, False)] * 3, (128, True), *[(128, False)] * 2,
    (256, True), *[(256, False)] * 2, (256, True),
]
OPSET = 17


class Convolution(NamedTuple):
    """With the affine layer that follows it folded in."""

    weight: np.ndarray
    bias: np.ndarray


def tensors(data: bytes):
    """Every tensor with values, in the file's order, flat."""
    at = 0
    while at < len(data):
        if count_and_start := header(data, at):
            count, start = count_and_start
            yield np.frombuffer(data, "<f4", count, start).astype(np.float64)
            at = start + 4 * count
        else:
            at += 1


def header(data: bytes, at: int):
    """Number of values of the tensor that begins here and where they begin; None where none does."""
    if data[at : at + 2] != b"\x01\x02" or at > len(data) - 64:
        return None
    sizes, start = [], at + 2
    for _ in range(4):
        width = data[start]
        if width > 4:
            return None
        sizes.append(int.from_bytes(data[start + 1 : start + 1 + width], "little"))
        start += 1 + width
    # Versions of layers look like small tensors, gradients are empty; the smallest real one is an affine pair of 32.
    first, second, *rest = sizes
    return (first * second, start) if first >= 64 and second >= 1 and rest == [1, 1] else None


def read(data: bytes):
    """The convolutions in order, and the last matrix [256, 128]. @raises ValueError when the file is of another net."""
    found = list(tensors(data))
    *pairs, matrix = found
    layers, channels = [], 3
    sizes = [(32, 7), *[(filters, 3) for filters, _ in BLOCKS for _ in range(2)]]
    if len(pairs) != 2 * len(sizes) or matrix.size != 256 * 128:
        raise ValueError("not dlib's face recognition network")
    for (filters, side), values, affine in zip(sizes, pairs[::2], pairs[1::2]):
        weight, bias = values[:-filters].reshape(filters, channels, side, side), values[-filters:]
        gamma, beta = affine[:filters], affine[filters:]
        layers.append(Convolution(weight * gamma[:, None, None, None], bias * gamma + beta))
        channels = filters
    return layers, matrix.reshape(256, 128)


class Writer:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, value: np.ndarray) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def node(self, kind: str, inputs: list, **attributes) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def quantised(self, value: np.ndarray) -> str:
        """Signed bytes with one scale for each first index. Cast and Mul are folded when the session opens."""
        rest = tuple(range(1, value.ndim))
        scale = np.maximum(np.abs(value).max(axis=rest, keepdims=True) / 127, 1e-12)
        whole = self.node("Cast", [self.constant(np.rint(value / scale).astype(np.int8))], to=TensorProto.FLOAT)
        return self.node("Mul", [whole, self.constant(scale.astype(np.float32))])

    def convolve(self, x: str, layer: Convolution, stride: int) -> str:
        side = layer.weight.shape[-1]
        pad = side // 2 if stride == 1 else 0
        inputs = [x, self.quantised(layer.weight), self.constant(layer.bias.astype(np.float32))]
        return self.node("Conv", inputs, kernel_shape=[side] * 2, strides=[stride] * 2, pads=[pad] * 4)

    def padded(self, x: str, channels: int, pixels: int) -> str:
        """Zeros behind, as dlib's add_prev does with unequal sizes."""
        if not channels and not pixels:
            return x
        return self.node("Pad", [x, self.constant(np.array([0] * 5 + [channels, pixels, pixels], np.int64))])


def write(layers: list, matrix: np.ndarray) -> onnx.ModelProto:
    """`input` [batch, 3, 150, 150] RGB 0..255 -> `embedding` [batch, 128]."""
    out = Writer()
    mean = out.constant(np.array(MEAN, np.float32).reshape(1, 3, 1, 1))
    x = out.node("Div", [out.node("Sub", ["input", mean]), out.constant(np.float32(256).reshape(1))])
    first, *rest = layers
    x = out.node("Relu", [out.convolve(x, first, 2)])
    x = out.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2])
    side = ((SIDE - 7) // 2 + 1 - 3) // 2 + 1
    channels = first.weight.shape[0]
    for (filters, halves), a, b in zip(BLOCKS, rest[::2], rest[1::2]):
        straight = out.convolve(out.node("Relu", [out.convolve(x, a, 2 if halves else 1)]), b, 1)
        if halves:
            convolved, side = (side - 3) // 2 + 1, (side - 2) // 2 + 1
            x = out.node("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])
            straight = out.padded(straight, 0, side - convolved)
            x = out.padded(x, filters - channels, 0)
        x = out.node("Relu", [out.node("Add", [straight, x])])
        channels = filters
    x = out.node("Flatten", [out.node("GlobalAveragePool", [x])])
    transposed = out.quantised(np.ascontiguousarray(matrix.T))
    out.nodes.append(helper.make_node("Gemm", [x, transposed], ["embedding"], "embedding", transB=1))
    graph = helper.make_graph(
        out.nodes, "face_identity",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 128])],
        out.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model
