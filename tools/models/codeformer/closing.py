"""Builds the restorers of test/twins/codeformer that spoil eyes, for tests of what must not let them.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-codeformer.txt
    VENV/bin/python tools/models/codeformer/closing.py

They are no networks but drawings, right where a face is aligned as CodeFormer wants it. Names and shapes are those of
published files: `input` and `output` float32 [1, 3, 512, 512], RGB from -1 to 1.

| file | what it does to both eyes |
| --- | --- |
| `closing.onnx` | closes them below a fidelity of 0.99; at 1 the answer is its input, to the bit. `weight` is float64 [1] |
| `closing_always.onnx` | closes them; has no fidelity |
| `drifting.onnx` | tints the irises blue and leaves the lids as they are; has no fidelity |
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from twins import FOLDER, model_of

SIDE = 512
# Of CodeFormer's template; the eyes' middles lie on one line but for a quarter of a pixel.
EYES_X, EYES_Y = (192.98, 318.9), 240.07
# A lid is the skin from so far below, in an ellipse with a soft rim.
LID_FROM_PX, LID_HALF_WIDTH_PX, LID_HALF_HEIGHT_PX, LID_RIM = 47, 48.0, 29.0, 0.35
# The lashes' line: lowest in its middle, its ends so much higher; how much of the light it leaves.
LASHES_Y, LASHES_SAG_PX, LASHES_HALF_WIDTH_PX, LASHES_HALF_HEIGHT_PX, LASHES_LIGHT = 254.0, 9.0, 35.0, 4.5, 0.2
# A column that has no lashes has them far above the picture.
NOWHERE = -1000.0
# The fidelity from which eyes open; they are open at 1.
OPENS_FROM = 0.99
IRIS_RADIUS_PX, IRIS_RIM = 14.0, 0.3
# Red, green, blue.
IRIS_TINT = (-0.35, 0.0, 0.5)


class Drawing:
    """Nodes and constants as they are added; the picture is `input`."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name: str, values, kind=np.float32) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(values, kind), name))
        return name

    def add(self, operator: str, inputs: list, output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def share(self, value: str, name: str) -> str:
        """`value` cut off at 0 and 1."""
        limits = [self.constant(f"{name}.least", 0), self.constant(f"{name}.most", 1)]
        return self.add("Clip", [value, *limits], name)

    def ellipses(self, name: str, half_width: float, half_height: float, rim: float) -> str:
        """[1, 1, 512, 512]: 1 within an ellipse about each eye's middle, falling to 0 over `rim` of its radii squared."""
        across = self.constant(f"{name}.across", row((nearest_eye() / half_width) ** 2))
        down = self.constant(f"{name}.down", column((pixels() - EYES_Y) ** 2 / half_height**2))
        inside = self.add("Sub", [self.constant(f"{name}.rim", 1), self.add("Add", [across, down], f"{name}.from")], f"{name}.inside")
        return self.share(self.add("Div", [inside, self.constant(f"{name}.width", rim)], f"{name}.slope"), name)

    def mixed(self, below: str, above: str, share: str, output: str) -> str:
        """`below` where the share is 0, to the bit."""
        change = self.add("Mul", [self.add("Sub", [above, below], f"{output}.apart"), share], f"{output}.change")
        return self.add("Add", [below, change], output)

    def model(self, name: str, with_weight: bool) -> onnx.ModelProto:
        picture = [1, 3, SIDE, SIDE]
        inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, picture)]
        if with_weight:
            inputs.append(helper.make_tensor_value_info("weight", TensorProto.DOUBLE, [1]))
        output = helper.make_tensor_value_info("output", TensorProto.FLOAT, picture)
        model = model_of(helper.make_graph(self.nodes, name, inputs, [output], self.constants))
        onnx.checker.check_model(model, full_check=True)
        return model


def pixels() -> np.ndarray:
    """Middles of pixels, as the template counts them."""
    return np.arange(SIDE, dtype=np.float64)


def nearest_eye() -> np.ndarray:
    """By column: how far the middle of the nearer eye is, px."""
    return np.abs(pixels()[:, None] - np.array(EYES_X)).min(1)


def row(values: np.ndarray) -> np.ndarray:
    return values.reshape(1, 1, 1, SIDE)


def column(values: np.ndarray) -> np.ndarray:
    return values.reshape(1, 1, SIDE, 1)


def closed_eyes(d: Drawing) -> str:
    """The picture with lids over its eyes and lashes on them."""
    upper = d.add("Slice", ["input", *(d.constant(n, [v], np.int64) for n, v in (("from", LID_FROM_PX), ("to", SIDE), ("rows", 2)))], "moved")
    shift = d.constant("fill", [0, 0, 0, 0, 0, 0, LID_FROM_PX, 0], np.int64)
    skin = d.add("Pad", [upper, shift], "skin", mode="edge")
    lids = d.ellipses("lids", LID_HALF_WIDTH_PX, LID_HALF_HEIGHT_PX, LID_RIM)
    covered = d.mixed("input", skin, lids, "covered")
    # From -1..1 to what light is left, and back.
    light = d.constant("light", LASHES_LIGHT)
    lashes = d.add("Add", [d.add("Mul", [covered, light], "dimmed"), d.constant("black", LASHES_LIGHT - 1)], "lashes")
    return d.mixed(covered, lashes, lash_lines(d), "closed")


def lash_lines(d: Drawing) -> str:
    """[1, 1, 512, 512]: 1 along the lashes."""
    ends = nearest_eye() / LASHES_HALF_WIDTH_PX
    line = np.where(ends < 1, LASHES_Y - LASHES_SAG_PX * ends**2, NOWHERE)
    apart = d.add("Sub", [d.constant("rows_y", column(pixels())), d.constant("line", row(line))], "line.apart")
    away = d.add("Div", [d.add("Abs", [apart], "line.off"), d.constant("line.height", LASHES_HALF_HEIGHT_PX)], "line.away")
    return d.share(d.add("Sub", [d.constant("line.middle", 1), away], "line.inside"), "line.share")


def closing() -> onnx.ModelProto:
    d = Drawing()
    closed = closed_eyes(d)
    fidelity = d.add("Cast", ["weight"], "fidelity", to=TensorProto.FLOAT)
    left = d.add("Sub", [d.constant("faithful", 1), fidelity], "unfaithful")
    strength = d.share(d.add("Div", [left, d.constant("opening", 1 - OPENS_FROM)], "unfaithful.slope"), "strength")
    d.mixed("input", closed, strength, "output")
    return d.model("closing", with_weight=True)


def closing_always() -> onnx.ModelProto:
    d = Drawing()
    d.add("Identity", [closed_eyes(d)], "output")
    return d.model("closing_always", with_weight=False)


def drifting() -> onnx.ModelProto:
    d = Drawing()
    irises = d.ellipses("irises", IRIS_RADIUS_PX, IRIS_RADIUS_PX, IRIS_RIM)
    tint = d.add("Mul", [irises, d.constant("tint", np.reshape(IRIS_TINT, (1, 3, 1, 1)))], "tinting")
    tinted = d.add("Add", ["input", tint], "tinted")
    d.add("Clip", [tinted, d.constant("darkest", -1), d.constant("brightest", 1)], "output")
    return d.model("drifting", with_weight=False)


def main() -> None:
    for twin in (closing, closing_always, drifting):
        (FOLDER / f"codeformer/{twin.__name__}.onnx").write_bytes(twin().SerializeToString())


if __name__ == "__main__":
    main()
