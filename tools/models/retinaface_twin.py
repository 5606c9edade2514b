"""Builds test/twins/retinaface.onnx: RetinaFace's inputs, outputs, strides and operators with a few random weights.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python retinaface_twin.py

It finds no faces: it answers a picture with a few dozen boxes of every size, so that whatever surrounds the network can
be compared with the reference code. The weights come from a linear congruential generator, the same on every machine.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from self_check import noise
from twins import FOLDER, model_of

CHANNELS = (3, 8, 8, 16, 16, 16)
PRIORS_PER_CELL = 2
# What makes a random network answer like a detector: gains and biases of the heads, found by trying on photos at 640 px.
# Gain and bias of a face's score, by level (cells of 2 ** level pixels).
SCORES = {3: (0.36, -6.6), 4: (0.9, -1.2), 5: (1.25, -0.9)}
BOX_GAIN, BOX_BIAS = 0.35, (0, 0, 2.8, 2.8)
# Eyes, nose, corners of the mouth in tenths of the prior's side from its middle.
POINT_GAIN, POINT_BIAS = 0.6, (-1.4, -1.5, 1.4, -1.5, -0.2, 0.5, -1, 2, 1, 2)


class Graph:
    """Nodes and weights as they are added; every weight has a seed of its own."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, name: str, value) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, operator: str, inputs: list, output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def conv(self, x: str, name: str, sizes: tuple, stride: int = 1, gain: float = 1, bias=None) -> str:
        """`sizes` are channels in, channels out and the kernel's side. Stride 2 halves an odd size upwards."""
        inside, outside, side = sizes
        spread = gain * np.sqrt(6 / (inside * side * side))
        values = noise(1 + len(self.weights), (outside, inside, side, side)) * spread
        w = self.weight(f"{name}.weight", values.astype(np.float32))
        b = self.weight(f"{name}.bias", np.zeros(outside, np.float32) if bias is None else np.array(bias, np.float32))
        return self.add("Conv", [x, w, b], name, kernel_shape=[side, side], strides=[stride, stride], pads=[side // 2] * 4)

    def leaky(self, x: str) -> str:
        return self.add("LeakyRelu", [x], f"{x}.leaky", alpha=0.1)

    def enlarged(self, x: str, like: str) -> str:
        """`x` at the height and width of `like`, which has the same channels: as the feature pyramid does it."""
        size = self.add("Shape", [like], f"{like}.size")
        return self.add(
            "Resize", [x, "", "", size], f"{x}.enlarged", mode="nearest", nearest_mode="floor",
            coordinate_transformation_mode="asymmetric",
        )

    def head(self, x: str, name: str, gain: float, bias: tuple) -> str:
        """As many numbers for each prior as `bias` has; the priors in rows of cells, those of one cell side by side."""
        sizes = (CHANNELS[-1], PRIORS_PER_CELL * len(bias), 1)
        planes = self.conv(x, name, sizes, gain=gain, bias=PRIORS_PER_CELL * bias)
        last = self.add("Transpose", [planes], f"{name}.last", perm=[0, 2, 3, 1])
        shape = self.weight(f"{name}.shape", np.array([1, -1, len(bias)], np.int64))
        return self.add("Reshape", [last, shape], f"{name}.rows")


def retinaface() -> onnx.ModelProto:
    """`input` is BGR less its mean, of any size; `conf` is softmaxed, background first."""
    g = Graph()
    x, features = g.add("Mul", ["input", g.weight("unit", np.float32(1 / 64))], "scaled"), {}
    for level, (inside, outside) in enumerate(zip(CHANNELS, CHANNELS[1:]), 1):
        x = features[level] = g.leaky(g.conv(x, f"body{level}", (inside, outside, 3), stride=2))
    for level in (4, 3):
        larger = g.enlarged(features[level + 1], features[level])
        x = g.add("Add", [features[level], larger], f"sum{level}")
        features[level] = g.leaky(g.conv(x, f"merge{level}", (CHANNELS[-1], CHANNELS[-1], 3)))
    heads = {
        "loc": {level: (BOX_GAIN, BOX_BIAS) for level in SCORES},
        "scores": {level: (gain, (0, bias)) for level, (gain, bias) in SCORES.items()},
        "landms": {level: (POINT_GAIN, POINT_BIAS) for level in SCORES},
    }
    for name, levels in heads.items():
        rows = [g.head(features[level], f"{name}{level}", *levels[level]) for level in SCORES]
        g.add("Concat", rows, name, axis=1)
    g.add("Softmax", ["scores"], "conf", axis=-1)
    picture = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, "height", "width"])
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "priors", numbers])
        for name, numbers in (("loc", 4), ("conf", 2), ("landms", 10))
    ]
    model = model_of(helper.make_graph(g.nodes, "retinaface", [picture], outputs, g.weights))
    onnx.checker.check_model(model)
    return model


def main() -> None:
    (FOLDER / "retinaface.onnx").write_bytes(retinaface().SerializeToString())


if __name__ == "__main__":
    main()
