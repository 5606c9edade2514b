"""Builds graphs in the layouts of published restorers, test/twins/codeformer: what tells them apart are their tensors.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-codeformer.txt
    VENV/bin/python tools/models/codeformer/layouts.py

| file | layout |
| --- | --- |
| `published_xw.onnx` | `x` float32 [1, 3, 512, 512] and `w` float64 [1]; answers `y`, and after it features, as plain exports do |
| `two_pictures.onnx` | `input` and `reference`, both pictures: no restorer |

`input` with a float64 `weight`, and `input` alone, are the layouts of closing.onnx and closing_always.onnx (closing.py);
`input` with a float32 `weight` is that of codeformer.onnx (twin.py).
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from twins import FOLDER, model_of

PICTURE = [1, 3, 512, 512]
# By colour: what is left of the picture's own values at fidelity 0. At 1, all of them.
LEFT = (0.5, 0.625, 0.75)


def value(name: str, kind: int, dims: list):
    return helper.make_tensor_value_info(name, kind, dims)


def published_xw() -> onnx.ModelProto:
    """y = x · (left + (1 - left) · w), by colour."""
    left = np.reshape(LEFT, (1, 3, 1, 1)).astype(np.float32)
    constants = [numpy_helper.from_array(left, "left"), numpy_helper.from_array(1 - left, "rest")]
    nodes = [
        helper.make_node("Cast", ["w"], ["fidelity"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["rest", "fidelity"], ["more"]),
        helper.make_node("Add", ["left", "more"], ["share"]),
        helper.make_node("Mul", ["x", "share"], ["y"]),
        helper.make_node("GlobalAveragePool", ["x"], ["features"]),
    ]
    inputs = [value("x", TensorProto.FLOAT, PICTURE), value("w", TensorProto.DOUBLE, [1])]
    outputs = [value("y", TensorProto.FLOAT, PICTURE), value("features", TensorProto.FLOAT, [1, 3, 1, 1])]
    return model_of(helper.make_graph(nodes, "published_xw", inputs, outputs, constants))


def two_pictures() -> onnx.ModelProto:
    """output = input / 2 + reference / 2."""
    constants = [numpy_helper.from_array(np.float32(0.5), "half")]
    nodes = [helper.make_node("Add", ["input", "reference"], ["sum"]), helper.make_node("Mul", ["sum", "half"], ["output"])]
    inputs = [value(name, TensorProto.FLOAT, PICTURE) for name in ("input", "reference")]
    return model_of(helper.make_graph(nodes, "two_pictures", inputs, [value("output", TensorProto.FLOAT, PICTURE)], constants))


def main() -> None:
    for layout in (published_xw, two_pictures):
        model = layout()
        onnx.checker.check_model(model, full_check=True)
        (FOLDER / f"codeformer/{layout.__name__}.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
