"""An SDXL checkpoint in diffusers' layout: its networks one after the other, and what the pipeline must know of it."""
import json
from pathlib import Path

from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTextModelWithProjection

import lora
import networks

SAMPLE_CHANNELS = (4, 9)
VAE_GRAPHS = ("vae_encoder", "vae_decoder")
# Of scheduler_config.json, what can change one of the pipeline's schedules; workers/diffusion/packSettings.ts judges it.
SCHEDULER_KEYS = (
    "_class_name", "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "prediction_type", "timestep_spacing",
    "steps_offset", "use_karras_sigmas", "final_sigmas_type", "interpolation_type", "rescale_betas_zero_snr", "trained_betas",
    "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas", "sigma_min", "sigma_max", "timestep_type",
    "algorithm_type", "solver_order", "solver_type", "lower_order_final", "euler_at_final", "thresholding", "clip_sample",
    "original_inference_steps", "timestep_scaling",
)


class Checkpoint:
    """A folder with model_index.json; its parts are loaded when asked for. @param loras files and their scales"""

    def __init__(self, folder: Path, loras: list[tuple[Path, float]]):
        self.folder = folder
        self.index = self.json("model_index.json")
        parts = [part for part in lora.PARTS if self.has(part)]
        self.loras = [lora.read(file, scale, self.json("unet/config.json"), parts) for file, scale in loras]

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
        model = kind.from_pretrained(str(folder), **variant).float().eval()
        for added in self.loras:
            lora.fuse(added, part, model)
        return model

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
