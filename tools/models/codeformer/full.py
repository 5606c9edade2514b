"""Writes a pack of CodeFormer's true size and shapes with random weights: for measurements of memory and time.

    VENV/bin/python tools/models/codeformer/full.py [--half] OUT_FOLDER
"""
import argparse
from pathlib import Path

import torch
from torch import nn

import convert
import face_libraries


def random_network(code: face_libraries.RestorationCode) -> nn.Module:
    """PyTorch's own first weights, but for those that would be zero or nearly so."""
    torch.manual_seed(1)
    network = code.network.CodeFormer().eval()
    nn.init.normal_(network.position_emb)
    nn.init.normal_(network.quantize.embedding.weight)
    return network


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a pack of CodeFormer's true size with random weights.")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("--half", action="store_true", help="as convert.py's")
    arguments = parser.parse_args()
    code = face_libraries.codeformer()
    pack = convert.convert(code, random_network(code), arguments.folder, arguments.half)
    convert.catalog.write_json(arguments.folder / "pack.json", {**pack, "title": f"{pack['title']}, random weights"})
    print(f"{arguments.folder}: {sum(file['bytes'] for file in pack['files']) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
