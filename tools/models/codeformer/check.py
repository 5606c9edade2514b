"""Converts the twin, as a test of convert.py: some seconds, and no weights from anywhere.

    VENV/bin/python tools/models/codeformer/check.py

Each conversion compares its graph with the reference code and fails when they differ.
"""
import json
import tempfile
from pathlib import Path

import torch

import convert
import face_libraries
from twin import PlantedTwin

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


def check_refusals(code: face_libraries.RestorationCode) -> None:
    for content in ({"params": {}}, {"params_ema": {"position_emb": torch.zeros(2, 2)}}):
        with tempfile.NamedTemporaryFile(suffix=".pth") as file:
            torch.save(content, file.name)
            try:
                convert.read(Path(file.name), code)
            except SystemExit as refusal:
                print(str(refusal)[:200])
            else:
                raise AssertionError(f"{list(content)} is read")


def main() -> None:
    code = face_libraries.codeformer()
    check(code, half=False)
    check(code, half=True)
    check_refusals(code)


if __name__ == "__main__":
    main()
