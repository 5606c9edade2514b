"""Writes a pack of SDXL's true size and shapes with random weights: for measurements of memory and time in browsers.

    VENV/bin/python tools/models/sdxl/full.py [--half] [--int4] [--refiner] [--unet-only] OUT_FOLDER

The inpainting model, or the refiner. It never holds a network: what is traced has every weight as one number, seen as many
times as its shape asks for, and the random ones are made while the files are written.
"""
import argparse
import math
from pathlib import Path

import torch
from torch import nn

import export
from catalog import write_json
from checkpoint import VAE_GRAPHS, Checkpoint, graphs, settings_of
from graph import write
from half import halve
from linear4 import BLOCK
from networks import END, START
from pack import pack_of
from weights import own_tensors

UNET = {
    "sample_size": 128, "in_channels": 9, "out_channels": 4, "block_out_channels": [320, 640, 1280], "layers_per_block": 2,
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    "transformer_layers_per_block": [1, 2, 10], "attention_head_dim": [5, 10, 20], "use_linear_projection": True,
    "cross_attention_dim": 2048, "addition_embed_type": "text_time", "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
REFINER_UNET = {
    **UNET, "in_channels": 4, "block_out_channels": [384, 768, 1536, 1536],
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
    "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    "transformer_layers_per_block": 4, "attention_head_dim": [6, 12, 24, 24], "cross_attention_dim": 1280,
    "projection_class_embeddings_input_dim": 2560,
}
CLIP = {"vocab_size": 49408, "bos_token_id": START, "eos_token_id": END, "pad_token_id": 1}
VIT_L = {
    **CLIP, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
    "projection_dim": 768, "hidden_act": "quick_gelu",
}
VIT_BIG_G = {
    **CLIP, "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 20,
    "projection_dim": 1280, "hidden_act": "gelu",
}
VAE = {
    "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4,
    "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2, "latent_channels": 4, "sample_size": 1024,
    "scaling_factor": 0.13025, "force_upcast": True,
}
SCHEDULER = {
    "_class_name": "EulerDiscreteScheduler", "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012,
    "beta_schedule": "scaled_linear", "prediction_type": "epsilon", "timestep_spacing": "leading", "steps_offset": 1,
}
# Latents to trace with: as small as three halvings allow.
TRACED_SIZE = (1, 8, 8)
# Spread of 4-bit levels that are all as frequent.
LEVEL_SPREAD = math.sqrt((16**2 - 1) / 12)


class HollowCheckpoint(Checkpoint):
    """Configurations alone; its networks have shapes and no numbers."""

    def __init__(self, refiner: bool):
        self.configs = {"unet": REFINER_UNET if refiner else UNET, "vae": VAE, "text_encoder_2": VIT_BIG_G, "scheduler": SCHEDULER}
        if not refiner:
            self.configs["text_encoder"] = VIT_L
        self.index = {
            **{part: ["library", "Kind"] for part in self.configs},
            "force_zeros_for_empty_prompt": not refiner, "requires_aesthetics_score": refiner,
        }

    def json(self, path: str) -> dict:
        return self.configs[path.split("/")[0]]

    def load(self, kind, part: str):
        config = self.configs[part]
        with torch.device("meta"):
            model = kind(kind.config_class(**config)) if part.startswith("text") else kind(**config)
        return model.eval()


def hollow(module: nn.Module) -> None:
    """Gives what has no numbers one zero each, which is seen everywhere in its shape."""
    for part in module.modules():
        for tensors in (part._parameters, part._buffers):
            for name, tensor in tensors.items():
                if tensor is not None and tensor.is_meta:
                    zeros = torch.zeros((), dtype=tensor.dtype).expand(tensor.shape)
                    tensors[name] = nn.Parameter(zeros, requires_grad=False) if tensors is part._parameters else zeros


def random_weights(names: set[str]):
    """
    What a layer puts out has about the spread of what it takes, so that float16 holds all of it.
    @param names the module's own; other tensors are transposed ones, [in, out]
    """

    def fill(name: str, tensor: torch.Tensor) -> torch.Tensor:
        shape = tensor.shape
        if tensor.dtype == torch.uint8:
            return torch.randint(0, 256, shape, dtype=torch.uint8)
        if name.endswith(".scales"):
            return torch.full(shape, 1 / (LEVEL_SPREAD * math.sqrt(BLOCK * shape[1])), dtype=tensor.dtype)
        if tensor.ndim == 1:
            return torch.full(shape, float(name.endswith("weight")), dtype=tensor.dtype)
        fan = math.prod(shape[1:]) if name in names else shape[0]
        return (torch.randn(shape) / math.sqrt(fan)).to(tensor.dtype)

    return fill


def write_graph(graph, folder: Path, half: bool, int4: bool) -> dict:
    graph.sizes = [TRACED_SIZE]
    export.rewrite(graph, int4)
    if half:
        halve(graph)
    hollow(graph.module)
    fill = random_weights(set(own_tensors(graph.module)))
    return {**write(graph, folder, fill), **export.kind(half, int4)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a pack of SDXL's true size with random weights.")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("--half", action="store_true", help="as convert.py's, but for the VAE")
    parser.add_argument("--int4", action="store_true", help="as convert.py's")
    parser.add_argument("--refiner", action="store_true", help="the refiner, in place of the inpainting model")
    parser.add_argument("--unet-only", action="store_true", help="no text encoders and no VAE")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    folder, checkpoint = arguments.folder, HollowCheckpoint(arguments.refiner)
    settings = settings_of(checkpoint, None)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "settings.json", settings)
    # As many words as a test needs.
    write_json(folder / "vocab.json", {"<|startoftext|>": START, "<|endoftext|>": END})
    (folder / "merges.txt").write_text("#version: 0.2\n")
    reports = []
    for graph in graphs(checkpoint, None):
        if arguments.unet_only and graph.name != "unet":
            continue
        is_vae = graph.name in VAE_GRAPHS
        reports.append(write_graph(graph, folder, arguments.half and not is_vae, arguments.int4 and not is_vae))
        print(f"{graph.name}: {sum((folder / file).stat().st_size for file in reports[-1]['files']) / 1e9:.2f} GB", flush=True)
    pack = pack_of(folder, settings["kind"], settings["channels"], reports, ["vocab.json", "merges.txt", "settings.json"])
    write_json(folder / "pack.json", {**pack, "title": f"{pack['title']}, random weights"})


if __name__ == "__main__":
    main()
