"""InsightFace's Buffalo_L in small, for twins.py: names, ranks and layouts of the real files, random weights."""
import numpy as np
from onnx import GraphProto, TensorProto, helper, numpy_helper

STRIDES = (8, 16, 32)
ANCHORS = 2
# The detector's outputs, a stride each: scores, distances to the four sides, offsets of the five points.
OUTPUTS = {1: ("448", "471", "494"), 4: ("451", "474", "497"), 10: ("454", "477", "500")}
# What a flat place gives (a logit; strides from the cell to its sides and points), and how much a pattern changes it.
FLAT = {
    1: [-4.0],
    4: [6.0, 7.0, 6.0, 9.5],
    10: [-1.2, -0.8, 1.2, -0.8, 0.0, 0.4, -0.9, 1.7, 0.9, 1.7],
}
CHANGE = {1: 1.8, 4: 1.2, 10: 0.5}
CHANNELS = 16
TRACED_PX = 640

# How much a picture changes the landmarks, of half a crop: all alike, by an affine map, and each for itself.
POINTS_CHANGE, POINT_CHANGE = 0.015, 0.003
# From the outer end: over the brow and back under it; down the side of the nose. Of the subject's left, x to the side.
BROW = [(0.36, -0.26), (0.29, -0.31), (0.22, -0.325), (0.15, -0.315), (0.09, -0.29),
        (0.09, -0.265), (0.15, -0.285), (0.22, -0.29), (0.29, -0.28)]
BROW_LEFT, BROW_RIGHT = [43, 48, 49, 51, 50, 46, 47, 45, 44], [101, 105, 104, 103, 102, 97, 98, 99, 100]
NOSTRIL = [(0.05, -0.1), (0.06, 0), (0.09, 0.09), (0.1, 0.14), (0.05, 0.17)]


class Graph:
    """Nodes in the order of computing, their weights, and the random numbers that these are made of."""

    def __init__(self, seed: int):
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights = [], []

    def weight(self, name: str, values) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def add(self, operator: str, inputs: list, output: str, **attributes) -> str:
        attributes = {"name": f"{operator}_{output}", **attributes}
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def noise(self, *dims: int) -> np.ndarray:
        """Of a size that keeps the spread of values, when the first dimension are the outputs."""
        return (self.random.standard_normal(dims) / np.prod(dims[1:]) ** 0.5).astype(np.float32)

    def conv(self, x: str, output: str, kernel: np.ndarray, bias=None, **attributes) -> str:
        inputs = [x, self.weight(f"{output}_w", kernel)]
        if bias is not None:
            inputs.append(self.weight(f"{output}_b", np.asarray(bias, np.float32)))
        return self.add("Conv", inputs, output, kernel_shape=kernel.shape[2:], **attributes)

    def patches(self, x: str, output: str, kernel: np.ndarray) -> str:
        """Squares side by side, without a border of zeros that would make edges of the picture special."""
        # Relu takes half of the spread away.
        self.conv(x, f"{output}_linear", kernel * np.float32(2**0.5), strides=kernel.shape[2:])
        return self.add("Relu", [f"{output}_linear"], output)


def det_10g() -> GraphProto:
    """Finds "faces" where a picture has detail: flat places, the letterbox's rest among them, stay below 0.5."""
    # Of many seeds, one that finds at every stride, with scores and overlaps apart from each other and the thresholds.
    graph = Graph(151)
    detail = graph.noise(CHANNELS, 3, 8, 8)
    detail -= detail.mean(axis=(2, 3), keepdims=True)
    features = [graph.patches("input.1", "features_8", detail)]
    for stride in STRIDES[1:]:
        features.append(graph.patches(features[-1], f"features_{stride}", graph.noise(CHANNELS, CHANNELS, 2, 2)))
    for level, x in enumerate(features):
        for size, names in OUTPUTS.items():
            head(graph, x, names[level], size)
    x = helper.make_tensor_value_info("input.1", TensorProto.FLOAT, [1, 3, "?", "?"])
    # As the real one: it takes every size, but its outputs are still said to be those of the size it was traced with.
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [ANCHORS * (TRACED_PX // stride) ** 2, size])
        for size, names in OUTPUTS.items() for name, stride in zip(names, STRIDES)
    ]
    return helper.make_graph(graph.nodes, "det_10g", [x], outputs, graph.weights)


def head(graph: Graph, x: str, output: str, size: int) -> None:
    """`size` numbers for each anchor of each cell, row by row, the anchors of a cell together."""
    kernel = graph.noise(ANCHORS * size, CHANNELS, 1, 1) * np.float32(CHANGE[size] * CHANNELS**0.5)
    graph.conv(x, f"{output}_map", kernel, FLAT[size] * ANCHORS)
    graph.add("Transpose", [f"{output}_map"], f"{output}_last", perm=[0, 2, 3, 1])
    shape = graph.weight(f"{output}_shape", np.array([-1, size], np.int64))
    last = {1: "Sigmoid", 4: "Relu"}.get(size)
    graph.add("Reshape", [f"{output}_last", shape], f"{output}_rows" if last else output)
    if last:
        graph.add(last, [f"{output}_rows"], output)


def landmarks_106() -> GraphProto:
    """A face that looks ahead, moved and bent a little by the picture; a crop one pixel off shows in the points."""
    graph = Graph(106)
    # InsightFace feeds raw bytes when it sees the names that MXNet gave these two nodes.
    middle, scale = (graph.weight(n, np.array(v, np.float32)) for n, v in (("middle", 127.5), ("scale", 1 / 128)))
    graph.add("Sub", ["data", middle], "minus", name="_minusscalar0")
    x = graph.add("Mul", ["minus", scale], "scaled", name="_mulscalar0")
    for output, channels, side in (("squares_4", (8, 3), 4), ("squares_16", (16, 8), 4), ("squares_48", (24, 16), 3)):
        x = graph.patches(x, output, graph.noise(*channels, side, side))
    x = graph.conv(x, "pooled", graph.noise(24, 1, 4, 4), group=24)
    x = graph.add("Flatten", [x], "face", axis=1)
    points = frontal_face()
    affine = graph.noise(24, 2, 3) * POINTS_CHANGE
    change = np.einsum("fad,pd->paf", affine, np.column_stack([points, np.ones(106)])).reshape(212, 24)
    w = graph.weight("fc1_w", (change + graph.noise(212, 24) * POINT_CHANGE).astype(np.float32))
    b = graph.weight("fc1_b", points.ravel().astype(np.float32))
    graph.add("Gemm", [x, w, b], "fc1", transB=1)
    data = helper.make_tensor_value_info("data", TensorProto.FLOAT, ["None", 3, 192, 192])
    fc1 = helper.make_tensor_value_info("fc1", TensorProto.FLOAT, ["None", 212])
    return helper.make_graph(graph.nodes, "2d106det", [data], [fc1], graph.weights)


def frontal_face() -> np.ndarray:
    """The 106 points in InsightFace's order, -1 to 1 across a crop that is 1.5 times as wide as the face's box."""
    points = np.full((106, 2), np.nan)
    jaw = [1, *range(9, 17), *range(2, 9), 0, *range(24, 17, -1), *range(32, 24, -1), 17]
    points[jaw] = ellipse((0, -0.12), 0.5, 0.76, np.linspace(-180, -360, 33))
    for side, first in ((-1, 0), (1, 54)):
        eye = np.array([35, 41, 40, 42, 39, 37, 33, 36]) + first
        points[eye] = ellipse((side * 0.22, -0.13), 0.1, 0.036, np.arange(180, 540, 45))
        points[[34 + first, 38 + first]] = (side * 0.22, -0.13), (side * 0.22, -0.135)
    for side, brow, nose in ((-1, BROW_LEFT, range(75, 80)), (1, BROW_RIGHT, range(81, 86))):
        points[brow] = np.array(BROW) * (side, 1)
        points[nose] = np.array(NOSTRIL) * (side, 1)
    points[[72, 73, 74, 86, 80]] = [(0, y) for y in (-0.12, -0.04, 0.04, 0.11, 0.18)]
    points[[52, 64, 63, 71, 67, 68, 61, 58, 59, 53, 56, 55]] = ellipse((0, 0.33), 0.17, 0.07, np.arange(180, 540, 30))
    points[[65, 66, 62, 70, 69, 57, 60, 54]] = ellipse((0, 0.33), 0.13, 0.015, np.arange(180, 540, 45))
    return points


def ellipse(centre: tuple, across: float, down: float, degrees: np.ndarray) -> np.ndarray:
    angle = np.radians(degrees)
    return np.stack([centre[0] + across * np.cos(angle), centre[1] + down * np.sin(angle)], axis=1)


GRAPHS = {"det_10g": det_10g, "2d106det": landmarks_106}
