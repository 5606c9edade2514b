"""Makes a pack of 2 GiB that loads: 32 MatMuls with weights of 64 MiB in four external files of 512 MiB, and its catalog entry.

    python pack.py FOLDER
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

SIDE = 4096
LAYERS = 32
FILES = 4
CHUNK_BYTES = 16 * 1024 * 1024


def weights(seed: int) -> bytes:
    # Small enough that the sum over a row keeps the size of the input.
    scale = np.float32(1 / np.sqrt(SIDE))
    return (np.random.default_rng(seed).standard_normal(SIDE * SIDE, dtype=np.float32) * scale).tobytes()


def external(name: str, location: str, offset: int, length: int) -> onnx.TensorProto:
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[SIDE, SIDE], data_location=TensorProto.EXTERNAL)
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def entry(path: Path) -> dict:
    hashes = []
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            hashes.append(hashlib.sha256(chunk).hexdigest())
    return {
        "path": path.name, "bytes": path.stat().st_size, "approximate": False, "sha256": None,
        "chunkBytes": CHUNK_BYTES, "chunkSha256": hashes,
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"weights_{i}.bin" for i in range(FILES)]
    tensors, nodes, value = [], [], "input"
    for i, name in enumerate(names):
        with (folder / name).open("wb") as file:
            for j in range(LAYERS // FILES):
                data = weights(i * LAYERS + j)
                tensors.append(external(f"w_{i}_{j}", name, file.tell(), len(data)))
                file.write(data)
                nodes.append(helper.make_node("MatMul", [value, f"w_{i}_{j}"], [f"h_{i}_{j}"]))
                value = f"h_{i}_{j}"
    nodes[-1].output[0] = "output"
    shape = [1, SIDE]
    graph = helper.make_graph(
        nodes, "two_gib",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)],
        initializer=tensors,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    files = [entry(folder / name) for name in ["model.onnx", *names]]
    (folder / "files.json").write_text(json.dumps(files))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
