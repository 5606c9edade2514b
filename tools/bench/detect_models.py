"""Networks of the shapes of InsightFace's det_10g and 2d106det, with seeded random weights: those themselves may not be
passed on. What a network costs is decided by its shape.

    python tools/bench/detect_models.py FOLDER PICTURE

Writes det_10g.onnx and 2d106det.onnx, and prints {"FILE": {"gmac", "mb"}}: at 640×640, and for one face. PICTURE, laid
on 640×640, is where the detector's biases are set so that a few scores are above 0.5.
"""

import json
import sys
from math import prod
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper, shape_inference

SEED = 106
CANVAS_PX = 640
# InsightFace exports detectors from PyTorch, the 106-point network from MXNet.
OPSET = 11
IR_VERSION = 6

STRIDES = (8, 16, 32)
ANCHORS = 2
# Cells of each stride that are to see a face.
SURE_CELLS = (6, 4, 2)
OUTPUTS = {"score": ("448", "471", "494"), "box": ("451", "474", "497"), "points": ("454", "477", "500")}


class Graph:
    """Nodes and weights as they are added; every layer answers the name of its output."""

    def __init__(self):
        self.nodes, self.weights = [], []
        self.random = np.random.default_rng(SEED)

    def weight(self, values, dtype=np.float32) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def node(self, kind: str, *inputs: str, output: str = "", **attributes) -> str:
        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def conv(self, x, inside, outside, kernel=3, stride=1, group=1, gain=2.0, bias=0.0, has_bias=True) -> str:
        """`gain` 2 keeps the size of values through a ReLU behind it."""
        shape = (outside, inside // group, kernel, kernel)
        values = self.random.standard_normal(shape) * np.sqrt(gain / prod(shape[1:]))
        weights = [self.weight(values), *([self.weight(np.full(outside, bias))] if has_bias else [])]
        pad = kernel // 2
        return self.node(
            "Conv", x, *weights,
            kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4, group=group, dilations=[1, 1],
        )

    def relu(self, x) -> str:
        return self.node("Relu", x)

    def model(self, inputs, outputs) -> onnx.ModelProto:
        ends = [
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, dims) for name, dims in end]
            for end in (inputs, outputs)
        ]
        graph = helper.make_graph(self.nodes, "bench", *ends, initializer=self.weights)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        onnx.checker.check_model(model)
        return model


def scrfd_10g(score_biases=(0.0,) * 3) -> onnx.ModelProto:
    """configs/scrfd/scrfd_10g_bnkps.py: ResNetV1e, PAFPN, a head for each stride; normalisations folded into convolutions."""
    g = Graph()
    levels = backbone(g, "input.1")
    levels = neck(g, levels[1:])
    for i, (level, score_bias) in enumerate(zip(levels, score_biases)):
        x, inside = level, 56
        for _ in range(3):
            x, inside = g.relu(g.conv(x, inside, 80)), 80
        for what, values, bias, gain in (("score", 1, score_bias, 1), ("box", 4, 2, 0.1), ("points", 10, 0, 1)):
            y = g.conv(x, 80, ANCHORS * values, gain=gain, bias=bias)
            y = g.node("Transpose", y, perm=[0, 2, 3, 1])
            last = {"output": OUTPUTS[what][i]}
            rows = g.weight([-1, values], np.int64)
            y = g.node("Reshape", y, rows, **({} if what == "score" else last))
            if what == "score":
                g.node("Sigmoid", y, **last)
    outputs = [
        (name, [f"cells_{stride}", values])
        for what, values in (("score", 1), ("box", 4), ("points", 10))
        for name, stride in zip(OUTPUTS[what], STRIDES)
    ]
    return g.model([("input.1", [1, 3, "height", "width"])], outputs)


def backbone(g: Graph, x: str) -> list[str]:
    x = g.relu(g.conv(x, 3, 28, stride=2))
    x = g.relu(g.conv(x, 28, 28))
    x = g.relu(g.conv(x, 28, 56))
    x = g.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    inside, levels = 56, []
    for stage, (blocks, planes) in enumerate(zip((3, 4, 2, 3), (56, 88, 88, 224))):
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            y = g.relu(g.conv(x, inside, planes, stride=stride))
            y = g.conv(y, planes, planes, gain=0.5)
            if stride > 1:
                x = g.node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
                x = g.conv(x, inside, planes, kernel=1, gain=1)
            x, inside = g.relu(g.node("Add", y, x)), planes
        levels.append(x)
    return levels


def neck(g: Graph, levels: list[str]) -> list[str]:
    sides = [g.conv(x, inside, 56, kernel=1, gain=1) for x, inside in zip(levels, (88, 88, 224))]
    none = g.weight([])
    for i in (1, 0):
        size = g.node("Shape", sides[i])
        larger = g.node(
            "Resize", sides[i + 1], none, none, size,
            mode="nearest", nearest_mode="floor", coordinate_transformation_mode="asymmetric",
        )
        sides[i] = g.node("Add", sides[i], larger)
    merged = [g.conv(x, 56, 56, gain=1) for x in sides]
    for i in (0, 1):
        merged[i + 1] = g.node("Add", merged[i + 1], g.conv(merged[i], 56, 56, stride=2, gain=1))
    return [merged[0], *(g.conv(x, 56, 56, gain=1) for x in merged[1:])]


def mobilenet_106() -> onnx.ModelProto:
    """2d106det: MobileNet of half the width with PReLUs, normalisations not folded, one convolution and 212 numbers behind it."""
    g = Graph()

    def layer(x, inside, outside, **how):
        x = g.conv(x, inside, outside, has_bias=False, **how)
        scale, shift, mean, variance = (g.weight(np.full(outside, v)) for v in (1, 0, 0, 1))
        x = g.node("BatchNormalization", x, scale, shift, mean, variance, epsilon=1e-3)
        return g.node("PRelu", x, g.weight(np.full((outside, 1, 1), 0.25)))

    x = g.node("Sub", "data", g.weight([127.5]))
    x = g.node("Mul", x, g.weight([1 / 128]))
    x = layer(x, 3, 16, stride=2)
    inside = 16
    for outside, stride in (
        (32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (256, 2), *[(256, 1)] * 5, (512, 2), (512, 1),
    ):
        x = layer(x, inside, inside, stride=stride, group=inside)
        x = layer(x, inside, outside, kernel=1)
        inside = outside
    x = layer(x, inside, 64, stride=2)
    x = g.node("Flatten", x)
    cells = 64 * 3 * 3
    matrix = g.random.standard_normal((212, cells)) * 0.3 / np.sqrt(cells)
    g.node("Gemm", x, g.weight(matrix), g.weight(np.zeros(212)), transB=1, output="fc1")
    return g.model([("data", ["batch", 3, 192, 192])], [("fc1", ["batch", 212])])


def score_biases(picture: np.ndarray) -> list[float]:
    """With which a few cells of each stride are above 0.5, clear of it."""
    canvas = np.zeros((CANVAS_PX, CANVAS_PX, 3), np.uint8)
    canvas[: picture.shape[0], : picture.shape[1]] = picture
    blob = cv2.dnn.blobFromImage(canvas, 1 / 128, canvas.shape[:2], (127.5,) * 3, swapRB=True)
    session = ort.InferenceSession(scrfd_10g().SerializeToString(), providers=["CPUExecutionProvider"])
    biases = []
    for scores, cells in zip(session.run(list(OUTPUTS["score"]), {"input.1": blob}), SURE_CELLS):
        sorted_scores = np.sort(scores.astype(np.float64), axis=None)[::-1]
        least, next_one = np.log(sorted_scores / (1 - sorted_scores))[cells - 1 : cells + 1]
        biases.append(-float(least + next_one) / 2)
    return biases


def gmac(model: onnx.ModelProto, feed: dict[str, list[int]]) -> float:
    """Multiplications of convolutions and matrices, 10^9."""
    sized = onnx.ModelProto()
    sized.CopyFrom(model)
    for value in sized.graph.input:
        for dim, size in zip(value.type.tensor_type.shape.dim, feed[value.name]):
            dim.dim_value = size
    sized = shape_inference.infer_shapes(sized, data_prop=True)
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in [*sized.graph.value_info, *sized.graph.output]
    }
    weights = {tensor.name: list(tensor.dims) for tensor in sized.graph.initializer}
    total = 0
    for node in sized.graph.node:
        if node.op_type == "Conv":
            # Each value of the output takes one filter.
            total += prod(shapes[node.output[0]]) * prod(weights[node.input[1]][1:])
        elif node.op_type == "Gemm":
            total += prod(weights[node.input[1]])
    return total / 1e9


def main(folder: Path, picture: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shapes = {}
    for name, model, feed in (
        ("det_10g.onnx", scrfd_10g(score_biases(cv2.imread(picture))), {"input.1": [1, 3, CANVAS_PX, CANVAS_PX]}),
        ("2d106det.onnx", mobilenet_106(), {"data": [1, 3, 192, 192]}),
    ):
        data = model.SerializeToString()
        (folder / name).write_bytes(data)
        shapes[name] = {"gmac": gmac(model, feed), "mb": len(data) / 1e6}
    print(json.dumps(shapes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
