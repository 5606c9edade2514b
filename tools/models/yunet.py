"""YuNet (the small variant inside libfacedetection) from the library's own weight symbols to ONNX.

The library stores 53 convolutions as exported float arrays: 1x1 ("pw", [out][in]) and 3x3 depthwise ("dw",
[9 taps][channel]); the head is a 3x3 stride-2 convolution kept as a 1x1 over 27 gathered values (tap-major,
padded to 32). Outputs are named and shaped like OpenCV Zoo's YuNet: cls_S, obj_S [1,n,1] (after the sigmoid),
bbox_S [1,n,4], kps_S [1,n,10] for strides S = 8, 16, 32, row-major over the cells.
"""
import ctypes
import struct

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from elf import SharedLibrary

STRIDES = (8, 16, 32)


class Builder:
    def __init__(self, library: SharedLibrary):
        self.library = library
        self.nodes = []
        self.weights = []

    def array(self, symbol: str) -> np.ndarray:
        return np.frombuffer(self.library.bytes_of(symbol), "<f4")

    def constant(self, name: str, value: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, inputs: list, name: str, **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [name], name, **attributes))
        return name

    def head(self, x: str) -> str:
        bias = self.array("backbone__model0_pw_bias")
        taps = self.array("backbone__model0_pw_weight").reshape(len(bias), 32)[:, :27]
        kernel = taps.reshape(len(bias), 3, 3, 3).transpose(0, 3, 1, 2)
        w, b = self.constant("head_w", kernel), self.constant("head_b", bias)
        y = self.node("Conv", [x, w, b], "head", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        return self.node("Relu", [y], "head_relu")

    def pointwise_depthwise(self, x: str, unit: str, relu: bool = True) -> str:
        pw_bias, dw_bias = self.array(f"{unit}_pw_bias"), self.array(f"{unit}_dw_bias")
        pw = self.array(f"{unit}_pw_weight").reshape(len(pw_bias), -1, 1, 1)
        dw = self.array(f"{unit}_dw_weight").reshape(9, len(dw_bias)).T.reshape(-1, 1, 3, 3)
        x = self.node("Conv", [x, self.constant(f"{unit}_pw_w", pw), self.constant(f"{unit}_pw_b", pw_bias)], f"{unit}_pw")
        x = self.node(
            "Conv", [x, self.constant(f"{unit}_dw_w", dw), self.constant(f"{unit}_dw_b", dw_bias)], f"{unit}_dw",
            kernel_shape=[3, 3], pads=[1, 1, 1, 1], group=len(dw_bias),
        )
        return self.node("Relu", [x], f"{unit}_relu") if relu else x

    def stage(self, x: str, model: str) -> str:
        return self.pointwise_depthwise(self.pointwise_depthwise(x, f"{model}_dp1"), f"{model}_dp2")

    def pool(self, x: str) -> str:
        return self.node("MaxPool", [x], f"{x}_pool", kernel_shape=[2, 2], strides=[2, 2])

    def output(self, x: str, kind: str, level: int, channels: int) -> str:
        y = self.pointwise_depthwise(x, f"bbox_head__multi_level_{kind}__{level}", relu=False)
        y = self.node("Transpose", [y], f"{y}_t", perm=[0, 2, 3, 1])
        if kind in ("cls", "obj"):
            y = self.node("Sigmoid", [y], f"{y}_s")
        shape = self.constant(f"{kind}_{level}_shape", np.array([1, -1, channels], np.int64))
        return self.node("Reshape", [y, shape], f"{kind}_{STRIDES[level]}")


def convert(library_bytes: bytes) -> onnx.ModelProto:
    """ONNX graph: `input` float32 [1,3,H,W], BGR 0..255, H and W multiples of 32."""
    b = Builder(SharedLibrary(library_bytes))
    x = b.pointwise_depthwise(b.head("input"), "backbone__model0_dp")
    x = b.pool(x)
    x = b.stage(x, "backbone__model1")
    x = b.stage(x, "backbone__model2")
    features = []
    for model in ("backbone__model3", "backbone__model4", "backbone__model5"):
        x = b.stage(b.pool(x), model)
        features.append(x)
    outputs = []
    scales = b.constant("double", np.array([1, 1, 2, 2], np.float32))
    above = None
    for level in (2, 1, 0):
        x = features[level]
        if above is not None:
            up = b.node("Resize", [above, "", scales], f"up_{level}", mode="nearest",
                        coordinate_transformation_mode="asymmetric", nearest_mode="floor")
            x = b.node("Add", [x, up], f"sum_{level}")
        above = x = b.pointwise_depthwise(x, f"neck__lateral_convs__{level}")
        for kind, channels in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
            outputs.append((b.output(x, kind, level, channels), channels))
    outputs.sort(key=lambda o: (("cls", "obj", "bbox", "kps").index(o[0].split("_")[0]), int(o[0].split("_")[1])))
    graph = helper.make_graph(
        b.nodes, "yunet",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, "height", "width"])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, f"cells_{n.split('_')[1]}", c]) for n, c in outputs],
        b.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="open-the-eyes")
    onnx.checker.check_model(model)
    return model


def decode(outputs: dict, width: int) -> np.ndarray:
    """Every cell as [score, x, y, w, h, 5 points]: score = sqrt(cls * obj), lengths in input pixels."""
    rows = []
    for stride in STRIDES:
        score = np.sqrt(outputs[f"cls_{stride}"][0] * outputs[f"obj_{stride}"][0])
        cell = np.arange(len(score))
        grid = np.stack([cell % (width // stride), cell // (width // stride)], axis=1)
        box, points = outputs[f"bbox_{stride}"][0], outputs[f"kps_{stride}"][0].reshape(-1, 5, 2)
        size = np.exp(box[:, 2:]) * stride
        corner = (grid + box[:, :2]) * stride - size / 2
        rows.append(np.concatenate([score, corner, size, ((points + grid[:, None]) * stride).reshape(-1, 10)], axis=1))
    return np.concatenate(rows)


def reference(library_path: str, bgr: np.ndarray) -> list:
    """Faces as the library itself finds them: (score %, x, y, w, h, 5 points as 10 numbers), whole pixels."""
    library = ctypes.CDLL(library_path)
    find = library[[s for s in SharedLibrary(open(library_path, "rb").read()).symbols if "facedetect_cnn" in s][0]]
    find.restype = ctypes.POINTER(ctypes.c_int)
    buffer = ctypes.create_string_buffer(0x20000)
    pixels = np.ascontiguousarray(bgr)
    height, width, _ = pixels.shape
    count = find(buffer, pixels.ctypes.data_as(ctypes.c_void_p), width, height, width * 3)[0]
    return [struct.unpack_from("<15h", buffer.raw, 4 + 32 * i) for i in range(count)]
