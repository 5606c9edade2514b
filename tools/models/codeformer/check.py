"""Converts the twin, as a test of convert.py, and makes packs of graphs, as one of restorer_pack.py: some seconds, and no
weights from anywhere.

    VENV/bin/python tools/models/codeformer/check.py

Each conversion compares its graph with the reference code and fails when they differ.
"""
import json
import tempfile
from pathlib import Path
from unittest import mock

import torch

import convert
import face_libraries
import restorer_pack
import weights
from twin import FOLDER, PlantedTwin

ENDS = (
    [
        {"name": "input", "type": "float32", "dims": [1, 3, 512, 512]},
        {"name": "weight", "type": "float32", "dims": [1]},
    ],
    [{"name": "output", "type": "float32", "dims": [1, 3, 512, 512]}],
)


def check(code: face_libraries.RestorationCode, half: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        print("float16" if half else "float32")
        # A conversion to float16 leaves the network in float16.
        pack = convert.convert(code, PlantedTwin(code).network, folder, half)
        assert json.loads((folder / "pack.json").read_text()) == pack and pack["id"] == "codeformer"
        (graph,) = pack["tensors"]
        assert (graph["inputs"], graph["outputs"]) == ENDS, graph
        assert (pack["gpu"]["features"] == ["shader-f16"]) == half
        assert {file["path"] for file in pack["files"]} == {path.name for path in folder.iterdir()} - {"pack.json"}


def check_packs(code: face_libraries.RestorationCode) -> None:
    """Published layouts are taken as they are, others refused; a file that is too large, or has weights beside it, is cut."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("closing", "closing_always", "published_xw"):
            file = FOLDER / f"{name}.onnx"
            pack = restorer_pack.pack(file, folder / name, "gfpgan")
            assert (folder / name / "gfpgan.onnx").read_bytes() == file.read_bytes()
            assert pack["id"] == "gfpgan" and [file["path"] for file in pack["files"]] == ["gfpgan.onnx"]
        for name in ("two_pictures.onnx", "codeformer.onnx", "weights.json"):
            refused(name, lambda: restorer_pack.pack(FOLDER / name, folder / "refused", "gfpgan"))
        convert.convert(code, PlantedTwin(code).network, folder / "twin")
        with mock.patch.object(weights, "LARGEST_FILE_BYTES", 300_000):
            pack = restorer_pack.pack(folder / "twin/codeformer.onnx", folder / "cut", "codeformer")
        assert len(pack["files"]) > 3 and pack["tensors"][0]["inputs"] == ENDS[0]


def check_refusals(code: face_libraries.RestorationCode) -> None:
    for content in ({"params": {}}, {"params_ema": {"position_emb": torch.zeros(2, 2)}}):
        with tempfile.NamedTemporaryFile(suffix=".pth") as file:
            torch.save(content, file.name)
            refused(list(content), lambda: convert.read(Path(file.name), code))


def refused(what, work) -> None:
    try:
        work()
    except SystemExit as refusal:
        print(str(refusal)[:200])
    else:
        raise AssertionError(f"{what} is read")


def main() -> None:
    code = face_libraries.codeformer()
    check(code, half=False)
    check(code, half=True)
    check_packs(code)
    check_refusals(code)


if __name__ == "__main__":
    main()
