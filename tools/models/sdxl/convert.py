"""Converts an SDXL checkpoint in diffusers' layout, a base, an inpainting model or a refiner, to a pack for the app.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-sdxl.txt
    VENV/bin/python tools/models/sdxl/convert.py CHECKPOINT_FOLDER OUT_FOLDER

Writes a graph and its weights (in files of at most 512 MiB) for each network, the tokenizer's vocab.json and merges.txt,
settings.json (what the pipeline must know of the checkpoint), report.json (how far each graph is from PyTorch in
float32, measured in onnxruntime) and pack.json. Import the folder's files together. --half makes it half as large, for
GPUs that have shader-f16; a VAE stays float32 unless its configuration says that it need not (force_upcast). --vae takes
the VAE from another folder, such as sdxl-vae-fp16-fix.
"""
import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import diffusers
import onnx
import onnxruntime
import torch
import transformers
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTextModelWithProjection

import catalog
import export
import networks

CATALOG = HERE.parents[2] / "public/models/catalog.json"
SAMPLE_CHANNELS = (4, 9)
VAE_GRAPHS = ("vae_encoder", "vae_decoder")
# Of scheduler_config.json, what the pipeline's schedules read.
SCHEDULER_KEYS = (
    "_class_name", "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "prediction_type", "timestep_spacing",
    "steps_offset", "use_karras_sigmas", "final_sigmas_type", "interpolation_type", "rescale_betas_zero_snr",
)
# Around the weights of the largest network: activations at 512 pixels, and a margin.
ACTIVATION_BYTES = 1_000_000_000


class Checkpoint:
    """A folder with model_index.json; its parts are loaded when asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.index = self.json("model_index.json")

    def json(self, path: str) -> dict:
        file = self.folder / path
        if not file.is_file():
            raise SystemExit(f"{file} is missing: this is no checkpoint in diffusers' layout")
        return json.loads(file.read_text())

    def has(self, part: str) -> bool:
        return (self.index.get(part) or [None])[0] is not None

    def load(self, kind, part: str):
        """In float32. Of checkpoints that only have files named fp16, those."""
        folder = self.folder / part
        half = any(folder.glob("*.fp16.safetensors")) and not (set(folder.glob("*.safetensors")) - set(folder.glob("*.fp16.*")))
        variant = {"variant": "fp16"} if half else {}
        # transformers and diffusers spell the type's option differently, and both convert afterwards.
        return kind.from_pretrained(str(folder), **variant).float().eval()

    def tokenizer_files(self) -> dict[str, bytes]:
        """Both tokenizers of SDXL have the same vocabulary and differ in what they pad with."""
        parts = [part for part in ("tokenizer", "tokenizer_2") if self.has(part)]
        found = [(self.json(f"{part}/vocab.json"), (self.folder / part / "merges.txt").read_text().split("\n")) for part in parts]
        if not found or any(other != found[0] for other in found):
            raise SystemExit("the checkpoint's tokenizers differ, or it has none")
        return {name: (self.folder / parts[0] / name).read_bytes() for name in ("vocab.json", "merges.txt")}


def graphs(checkpoint: Checkpoint, vae_folder: Path | None):
    """Each network as it is needed, so that not more than one is in memory."""
    if checkpoint.has("text_encoder"):
        yield networks.text_graph("text_encoder", checkpoint.load(CLIPTextModel, "text_encoder"), False)
    second = checkpoint.load(CLIPTextModelWithProjection, "text_encoder_2")
    pooled = second.config.projection_dim
    yield networks.text_graph("text_encoder_2", second, True)
    del second
    vae = AutoencoderKL.from_pretrained(str(vae_folder)).float().eval() if vae_folder else checkpoint.load(AutoencoderKL, "vae")
    yield from networks.vae_graphs(vae)
    del vae
    yield networks.unet_graph(checkpoint.load(UNet2DConditionModel, "unet"), pooled)


def settings_of(checkpoint: Checkpoint, vae_folder: Path | None) -> dict:
    unet, scheduler = checkpoint.json("unet/config.json"), checkpoint.json("scheduler/scheduler_config.json")
    vae = json.loads((vae_folder / "config.json").read_text()) if vae_folder else checkpoint.json("vae/config.json")
    if unet["in_channels"] not in SAMPLE_CHANNELS:
        raise SystemExit(f"a UNet of {unet['in_channels']} channels is neither SDXL's (4) nor its inpainting model's (9)")
    if vae.get("latents_mean") or vae.get("latents_std") or unet.get("time_cond_proj_dim"):
        raise SystemExit("a VAE with means of its latents, or a UNet that takes the guidance as an input, is not supported")
    return {
        "kind": "base" if checkpoint.has("text_encoder") else "refiner",
        "channels": unet["in_channels"],
        "scalingFactor": vae["scaling_factor"],
        # Its activations do not fit float16.
        "forceUpcast": bool(vae.get("force_upcast", True)),
        "forceZerosForEmptyPrompt": bool(checkpoint.index.get("force_zeros_for_empty_prompt", True)),
        "requiresAestheticsScore": bool(checkpoint.index.get("requires_aesthetics_score", False)),
        # Sides of a picture must be multiples of it: each level of the UNet halves the latents once.
        "sideMultiple": 2 ** (len(vae["block_out_channels"]) - 1) * 2 ** (len(unet["block_out_channels"]) - 1),
        "scheduler": {key: scheduler[key] for key in SCHEDULER_KEYS if key in scheduler},
    }


def pack_of(folder: Path, kind: str, channels: int, reports: list[dict], others: list[str]) -> dict:
    """The catalog's entry, with what it cannot know before the conversion."""
    packs = {pack["id"]: pack for pack in json.loads(CATALOG.read_text())["packs"]}
    entry = packs["sdxl-refiner" if kind == "refiner" else "sdxl-inpaint"]
    names = [name for report in reports for name in report["files"]] + others
    files = [catalog.file_entry(name, (folder / name).read_bytes()) for name in names]
    sizes = {file["path"]: file["bytes"] for file in files}
    tensors = [
        catalog.tensors_of(report["graph"], onnx.load(str(folder / report["graph"]), load_external_data=False))
        for report in reports
    ]
    operators = [operator for operator in entry["gpu"]["operators"] if operator != "conv-12" or channels == 9]
    operators += ["matmul-4bit"] * any(report["weights"] == "int4" for report in reports)
    return {
        **entry,
        "revision": catalog.sha256("".join(file["sha256"] for file in files).encode())[:12],
        "files": files,
        "tensors": tensors,
        "gpu": {
            "required": True,
            "features": ["shader-f16"] if any(report["arithmetic"] == "float16" for report in reports) else [],
            "operators": operators,
            "bufferBytes": max(report["largestTensorBytes"] for report in reports),
        },
        "workingSetBytes": max(sum(sizes[name] for name in report["files"]) for report in reports) + ACTIVATION_BYTES,
    }


def write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def convert(source: Path, folder: Path, vae_folder: Path | None = None, half: bool = False, int4: bool = False) -> None:
    checkpoint = Checkpoint(source)
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
    versions = {module.__name__: module.__version__ for module in (torch, diffusers, transformers, onnx, onnxruntime)}
    write_json(folder / "report.json", {"source": source.name, "versions": versions, "networks": reports})
    others = [*tokenizer, "settings.json", "report.json"]
    write_json(folder / "pack.json", pack_of(folder, settings["kind"], settings["channels"], reports, others))


def main() -> None:
    parser = argparse.ArgumentParser(description="Converts an SDXL checkpoint in diffusers' layout to a pack for the app.")
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT_FOLDER")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("--vae", type=Path, metavar="FOLDER", help="folder of a VAE to take in place of the checkpoint's own")
    parser.add_argument("--half", action="store_true", help="weights and arithmetic in float16, inputs and outputs in float32")
    parser.add_argument("--int4", action="store_true", help="linear layers of the UNet and the text encoders in 4 bits")
    arguments = parser.parse_args()
    convert(arguments.checkpoint, arguments.folder, arguments.vae, arguments.half, arguments.int4)


if __name__ == "__main__":
    main()
