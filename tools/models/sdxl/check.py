"""Converts checkpoints made of the twins, as a test of convert.py: some seconds, and no weights from anywhere.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-sdxl.txt
    VENV/bin/python tools/models/sdxl/check.py

Each conversion compares its graphs with PyTorch and fails when they differ.
"""
import json
import tempfile
from pathlib import Path

from diffusers import EulerDiscreteScheduler

import convert
from twin import Twin


def write_checkpoint(twin: Twin, folder: Path, unet: str) -> Path:
    """In diffusers' layout, with a vocabulary of two words."""
    refiner = unet == "refiner"
    parts = {"text_encoder_2": twin.text_encoder_2, "vae": twin.vae, "unet": twin.unets[unet]}
    if not refiner:
        parts["text_encoder"] = twin.text_encoder
    for name, model in parts.items():
        model.save_pretrained(folder / name)
    EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear").save_pretrained(folder / "scheduler")
    tokenizers = ["tokenizer_2"] if refiner else ["tokenizer", "tokenizer_2"]
    for name in tokenizers:
        (folder / name).mkdir()
        (folder / name / "vocab.json").write_text('{"<|startoftext|>": 49406, "<|endoftext|>": 49407}')
        (folder / name / "merges.txt").write_text("#version: 0.2\n")
    known = [*parts, *tokenizers]
    index = {name: ["library", "Kind"] if name in known else [None, None] for name in {*known, "text_encoder", "tokenizer"}}
    rest = {"force_zeros_for_empty_prompt": not refiner, "requires_aesthetics_score": refiner}
    (folder / "model_index.json").write_text(json.dumps({**index, **rest}))
    return folder


def check(twin: Twin, unet: str, half: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        source, folder = write_checkpoint(twin, Path(temporary) / "checkpoint", unet), Path(temporary) / "pack"
        print(unet, "float16" if half else "float32")
        convert.convert(source, folder, half=half)
        pack, settings = (json.loads((folder / name).read_text()) for name in ("pack.json", "settings.json"))
        refiner = unet == "refiner"
        graphs = {spec["path"]: spec for spec in pack["tensors"]}
        assert len(graphs) == (4 if refiner else 5), graphs.keys()
        sample = graphs["unet.onnx"]["inputs"][0]
        assert sample == {"name": "sample", "type": "float32", "dims": ["batch", settings["channels"], "height", "width"]}
        assert pack["id"] == ("sdxl-refiner" if refiner else "sdxl-inpaint") and settings["sideMultiple"] == 32
        assert (pack["gpu"]["features"] == ["shader-f16"]) == half
        assert {file["path"] for file in pack["files"]} == {path.name for path in folder.iterdir()} - {"pack.json"}


def main() -> None:
    # A conversion rewrites what it loads from the checkpoint, so one set of twins does for all.
    twin = Twin()
    for unet in ("unet9", "unet4", "refiner"):
        for half in (False, True):
            check(twin, unet, half)


if __name__ == "__main__":
    main()
