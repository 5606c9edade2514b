"""Builds test/twins: tiny graphs for tests. Weights are random (detector_twins.py), or the tests make them.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python twins.py
"""
from pathlib import Path

import detector_twins
import onnx
from onnx import TensorProto, helper

FOLDER = Path(__file__).resolve().parents[2] / "test/twins"
SIDE = 1024
LAYERS = 8
FILES = ("first.weights", "second.weights")


def external(name: str, dims: list, path: str, offset: int) -> TensorProto:
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=dims, data_location=TensorProto.EXTERNAL)
    length = 4
    for size in dims:
        length *= size
    for key, value in (("location", path), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def shards() -> onnx.ModelProto:
    """Eight matrix products with `tanh` between, their 4 MiB weights in two files; `steps` is added to the outcome."""
    weights, nodes, last = [], [], "x"
    for layer in range(LAYERS):
        file, place = divmod(layer, LAYERS // len(FILES))
        weights.append(external(f"w{layer}", [SIDE, SIDE], FILES[file], place * SIDE * SIDE * 4))
        nodes.append(helper.make_node("MatMul", [last, f"w{layer}"], [f"m{layer}"]))
        last = f"t{layer}"
        nodes.append(helper.make_node("Tanh", [f"m{layer}"], [last]))
    nodes.append(helper.make_node("Cast", ["steps"], ["added"], to=TensorProto.FLOAT))
    nodes.append(helper.make_node("Add", [last, "added"], ["y"]))
    graph = helper.make_graph(
        nodes, "shards",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", SIDE]),
            helper.make_tensor_value_info("steps", TensorProto.INT64, ["batch", 1]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", SIDE])],
        weights,
    )
    return model_of(graph)


def unnamed() -> onnx.ModelProto:
    """`y` = `a` + `b`, whose first dimensions have neither name nor number."""
    info = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 3]) for name in "aby"]
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["y"])], "unnamed", info[:2], info[2:])
    return model_of(graph)


def types() -> onnx.ModelProto:
    """Of float16 `h` and bool `keep`: `kept` is `h` or 0, `dropped` the opposite of `keep`, `whole` is `h` as int32."""
    half, flag, whole = TensorProto.FLOAT16, TensorProto.BOOL, TensorProto.INT32
    nodes = [
        helper.make_node("Where", ["keep", "h", "zero"], ["kept"]),
        helper.make_node("Not", ["keep"], ["dropped"]),
        helper.make_node("Cast", ["h"], ["whole"], to=whole),
    ]
    info = {n: helper.make_tensor_value_info(n, t, ["n"]) for n, t in
            (("h", half), ("keep", flag), ("kept", half), ("dropped", flag), ("whole", whole))}
    inputs, outputs = [info["h"], info["keep"]], [info["kept"], info["dropped"], info["whole"]]
    return model_of(helper.make_graph(nodes, "types", inputs, outputs, [helper.make_tensor("zero", half, [], [0.0])]))


def model_of(graph: onnx.GraphProto) -> onnx.ModelProto:
    opsets = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="open-the-eyes")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for twin in (shards, unnamed, types):
        (FOLDER / f"{twin.__name__}.onnx").write_bytes(twin().SerializeToString())
    for name, graph in detector_twins.GRAPHS.items():
        (FOLDER / f"{name}.onnx").write_bytes(model_of(graph()).SerializeToString())


if __name__ == "__main__":
    main()
