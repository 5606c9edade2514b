"""Converts the twin, as a test of convert.py: some seconds, and no weights from anywhere.

    VENV/bin/python tools/models/parsenet/check.py

The conversion compares its graph with the reference code and fails when they differ.
"""
import json
import tempfile
from pathlib import Path

import torch

import convert
from twin import random_network

ENDS = (
    [{"name": "input", "type": "float32", "dims": [1, 3, 512, 512]}],
    [{"name": "classes", "type": "uint8", "dims": [1, 512, 512]}],
)


def check_conversion() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pack = convert.convert(random_network(), folder)
        assert json.loads((folder / "pack.json").read_text()) == pack and pack["id"] == "parsenet"
        (graph,) = pack["tensors"]
        assert (graph["inputs"], graph["outputs"]) == ENDS, graph
        assert {file["path"] for file in pack["files"]} == {path.name for path in folder.iterdir()} - {"pack.json"}


def check_refusals() -> None:
    for content in ({"params": {}}, torch.zeros(2, 2), {"encoder.0.conv2d.weight": torch.zeros(2, 2)}):
        with tempfile.NamedTemporaryFile(suffix=".pth") as file:
            torch.save(content, file.name)
            try:
                convert.read(Path(file.name))
            except SystemExit as refusal:
                print(str(refusal)[:200])
            else:
                raise AssertionError("it is read")


def main() -> None:
    check_conversion()
    check_refusals()


if __name__ == "__main__":
    main()
