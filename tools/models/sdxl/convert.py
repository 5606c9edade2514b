"""Converts an SDXL checkpoint in diffusers' layout, a base, an inpainting model or a refiner, to a pack for the app.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-sdxl.txt
    VENV/bin/python tools/models/sdxl/convert.py CHECKPOINT_FOLDER OUT_FOLDER

Writes a graph and its weights (in files of at most 512 MiB) for each network, the tokenizer's vocab.json and merges.txt,
settings.json (what the pipeline must know of the checkpoint), report.json (how far each graph is from PyTorch in
float32, measured in onnxruntime) and pack.json. Import the folder's files together. --half makes it half as large, for
GPUs that have shader-f16; a VAE stays float32 unless its configuration says that it need not (force_upcast). --int4 makes
the linear layers of the UNet and the text encoders 4 bits wide, with or without --half. --vae takes the VAE from another
folder, such as sdxl-vae-fp16-fix, and --lora adds a LoRA's changes before anything else.
"""
import argparse
from pathlib import Path

import diffusers
import onnx
import onnxruntime
import torch
import transformers

import export
from catalog import write_json
from checkpoint import VAE_GRAPHS, Checkpoint, graphs, settings_of
from lora import file_and_scale
from pack import pack_of


def convert(
    source: Path, folder: Path, vae_folder: Path | None = None, half: bool = False, int4: bool = False,
    loras: list[tuple[Path, float]] = (),
) -> None:
    checkpoint = Checkpoint(source, loras)
    settings = settings_of(checkpoint, vae_folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "settings.json", settings)
    tokenizer = checkpoint.tokenizer_files()
    for name, data in tokenizer.items():
        (folder / name).write_bytes(data)
    reports = []
    for graph in graphs(checkpoint, vae_folder):
        is_vae = graph.name in VAE_GRAPHS
        reports.append(export.export(graph, folder, half and not (is_vae and settings["forceUpcast"]), int4 and not is_vae))
        print(f"{graph.name}: largest difference {reports[-1]['difference']:.1e} of the largest value", flush=True)
    fused = [{"file": lora.file.name, "scale": lora.scale, "layers": lora.layers} for lora in checkpoint.loras]
    versions = {module.__name__: module.__version__ for module in (torch, diffusers, transformers, onnx, onnxruntime)}
    write_json(folder / "report.json", {"source": source.name, "versions": versions, "loras": fused, "networks": reports})
    others = [*tokenizer, "settings.json", "report.json"]
    write_json(folder / "pack.json", pack_of(folder, settings["kind"], settings["channels"], reports, others))


def main() -> None:
    parser = argparse.ArgumentParser(description="Converts an SDXL checkpoint in diffusers' layout to a pack for the app.")
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT_FOLDER")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("--vae", type=Path, metavar="FOLDER", help="folder of a VAE to take in place of the checkpoint's own")
    parser.add_argument("--half", action="store_true", help="weights and arithmetic in float16, inputs and outputs in float32")
    parser.add_argument("--int4", action="store_true", help="linear layers of the UNet and the text encoders in 4 bits")
    parser.add_argument(
        "--lora", type=file_and_scale, action="append", default=[], metavar="FILE[:SCALE]",
        help="a LoRA to add to the weights, as diffusers reads it; any number of them",
    )
    arguments = parser.parse_args()
    convert(arguments.checkpoint, arguments.folder, arguments.vae, arguments.half, arguments.int4, arguments.lora)


if __name__ == "__main__":
    main()
