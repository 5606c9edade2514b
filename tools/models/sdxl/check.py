"""Converts checkpoints made of the twins, as a test of convert.py: some seconds, and no weights from anywhere.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-sdxl.txt
    VENV/bin/python tools/models/sdxl/check.py

Each conversion compares its graphs with PyTorch and fails when they differ.
"""
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from diffusers import EulerDiscreteScheduler
from safetensors.torch import save_file

import convert
from checkpoint import Checkpoint
from lora import PARTS
from twin import Twin

# UNet, --half, --int4.
CASES = (
    ("unet9", False, False), ("unet9", True, False), ("unet9", False, True), ("unet9", True, True),
    ("unet4", False, False), ("refiner", False, False), ("refiner", True, True),
)
LORA_RANK = 4
UNET_LAYERS = {
    "unet": ["down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", "mid_block.attentions.0.transformer_blocks.1.ff.net.2"],
}
TEXT_LAYERS = {
    "text_encoder": ["encoder.layers.1.self_attn.q_proj", "encoder.layers.1.self_attn.out_proj"],
    "text_encoder_2": ["text_model.encoder.layers.0.mlp.fc1", "text_model.encoder.layers.0.self_attn.out_proj"],
}


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


def check(twin: Twin, unet: str, half: bool, int4: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        source, folder = write_checkpoint(twin, Path(temporary) / "checkpoint", unet), Path(temporary) / "pack"
        print(unet, "float16" if half else "float32", "int4" if int4 else "")
        convert.convert(source, folder, half=half, int4=int4)
        pack, settings, report = (json.loads((folder / name).read_text()) for name in ("pack.json", "settings.json", "report.json"))
        refiner = unet == "refiner"
        graphs = {spec["path"]: spec for spec in pack["tensors"]}
        assert len(graphs) == (4 if refiner else 5), graphs.keys()
        sample = graphs["unet.onnx"]["inputs"][0]
        assert sample == {"name": "sample", "type": "float32", "dims": ["batch", settings["channels"], "height", "width"]}
        assert pack["id"] == ("sdxl-refiner" if refiner else "sdxl-inpaint") and settings["sideMultiple"] == 32
        assert (pack["gpu"]["features"] == ["shader-f16"]) == half
        assert ("matmul-4bit" in pack["gpu"]["operators"]) == int4
        costs = {network["graph"]: network["quantization"] for network in report["networks"] if "quantization" in network}
        assert set(costs) == (set(graphs) - {"vae_encoder.onnx", "vae_decoder.onnx"} if int4 else set()), costs
        # Of random weights, and of the largest value; that it is not 0 says that weights were rounded.
        assert all(0.01 < cost < 0.5 for cost in costs.values()), costs
        assert {file["path"] for file in pack["files"]} == {path.name for path in folder.iterdir()} - {"pack.json"}


def random_lora(twin: Twin, layers: dict) -> dict:
    """By part and layer: its two matrices, down first."""
    generator, made = torch.Generator().manual_seed(7), {}
    for part, names in layers.items():
        for name in names:
            outputs, inputs = model_of(twin, part).get_submodule(name).weight.shape
            sides = (LORA_RANK, inputs), (outputs, LORA_RANK)
            made[part, name] = [0.1 * torch.randn(side, generator=generator) for side in sides]
    return made


def model_of(twin: Twin, part: str):
    return twin.unets["unet9"] if part == "unet" else getattr(twin, part)


def write_loras(twin: Twin, folder: Path) -> list[tuple[Path, float]]:
    """A file in diffusers' names and one in kohya's; the twin gets what they change. @returns them with their scales"""
    unet, text, kohya = random_lora(twin, UNET_LAYERS), random_lora(twin, TEXT_LAYERS), {}
    save_file({
        f"{part}.{name}.lora_{side}.weight": matrix
        for (part, name), matrices in unet.items() for side, matrix in zip("AB", matrices)
    }, folder / "unet.safetensors")
    for (part, name), matrices in text.items():
        # Trainers know a CLIPTextModel that has a layer more.
        path = "text_model." + name.removeprefix("text_model.")
        key = f"lora_{'te2' if part == 'text_encoder_2' else 'te1'}_{path.replace('.', '_')}"
        kohya |= {f"{key}.lora_{side}.weight": matrix for side, matrix in zip(("down", "up"), matrices)}
        kohya[f"{key}.alpha"] = torch.tensor(LORA_RANK / 4)
    save_file(kohya, folder / "text.safetensors")
    for made, strength in ((unet, 0.7), (text, 1.2 / 4)):
        for (part, name), (down, up) in made.items():
            model_of(twin, part).get_submodule(name).weight.data += strength * up @ down
    return [(folder / "unet.safetensors", 0.7), (folder / "text.safetensors", 1.2)]


def check_lora(twin: Twin) -> None:
    print("unet9 float32 with LoRAs")
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        source = write_checkpoint(twin, home / "checkpoint", "unet9")
        loras = write_loras(twin, home)
        checkpoint = Checkpoint(source, loras)
        for part in PARTS:
            expected = model_of(twin, part)
            found = dict(checkpoint.load(type(expected), part).named_parameters())
            worst = max((found[name] - value).abs().max().item() for name, value in expected.named_parameters())
            assert worst < 1e-6 and len(found) == len(list(expected.parameters())), (part, worst)
        convert.convert(source, home / "pack", loras=loras)
        fused = json.loads((home / "pack/report.json").read_text())["loras"]
        assert [entry["layers"] for entry in fused] == [{"unet": 2}, {"text_encoder": 2, "text_encoder_2": 2}], fused
        for key in ("transformer.blocks.0.to_q", "unet.mid_block.attentions.7.proj_in", "unet.mid_block.attentions.0.proj_in"):
            save_file({f"{key}.lora_{side}.weight": torch.zeros(2, 2) for side in "AB"}, home / "misfit")
            try:
                Checkpoint(source, [(home / "misfit", 1.0)]).load(type(twin.unets["unet9"]), "unet")
            except SystemExit as refusal:
                print(refusal)
            else:
                raise AssertionError(f"a LoRA of {key} fits")


def main() -> None:
    # A conversion rewrites what it loads from the checkpoint, so one set of twins does for all.
    twin = Twin()
    for unet, half, int4 in CASES:
        check(twin, unet, half, int4)
    check_lora(twin)


if __name__ == "__main__":
    main()
