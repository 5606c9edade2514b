"""Adds LoRAs to the weights of a checkpoint's networks, read and named by diffusers' own loaders."""
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from diffusers.loaders import StableDiffusionXLLoraLoaderMixin as Loader
from diffusers.loaders.lora_base import fuse_text_encoder_lora
from diffusers.utils import recurse_remove_peft_layers
from peft.tuners.tuners_utils import BaseTunerLayer
from safetensors.torch import load_file
from torch import nn

UNET = "unet"
PARTS = (UNET, "text_encoder", "text_encoder_2")


@dataclass
class Lora:
    file: Path
    scale: float
    # By diffusers' names, which begin with the part: `unet.`, `text_encoder.` or `text_encoder_2.`.
    tensors: dict
    alphas: dict | None
    # By part: how many layers it changed.
    layers: dict = field(default_factory=dict)


def file_and_scale(text: str) -> tuple[Path, float]:
    """Of FILE or FILE:SCALE."""
    file, _, scale = text.rpartition(":")
    try:
        return Path(file or text), float(scale) if file else 1.0
    except ValueError:
        return Path(text), 1.0


def read(file: Path, scale: float, unet_config: dict, parts: list[str]) -> Lora:
    """
    @param unet_config of the checkpoint: other trainers number a UNet's blocks in their own way
    @param parts those of PARTS that the checkpoint has. @raises SystemExit of a file that is no LoRA for any of them
    """
    if not file.is_file():
        raise SystemExit(f"{file} is missing")
    try:
        tensors, alphas = Loader.lora_state_dict(load_file(file), unet_config=SimpleNamespace(**unet_config))
    except Exception as fault:
        raise SystemExit(f"{file} cannot be read as a LoRA: {fault}") from fault
    if not all("lora" in name for name in tensors):
        raise SystemExit(f"{file} is no LoRA: it holds {next(name for name in tensors if 'lora' not in name)}")
    if not any(name.startswith(f"{part}.") for name in tensors for part in parts):
        raise SystemExit(f"{file} has nothing for this checkpoint's {', '.join(parts)}")
    return Lora(file, scale, tensors, alphas)


def fuse(lora: Lora, part: str, model: nn.Module) -> None:
    """Changes the model's weights, if the file has any for it. @raises SystemExit when those do not fit"""
    tensors = of_part(lora.tensors, part, model)
    if not tensors:
        return
    alphas = lora.alphas and of_part(lora.alphas, part, model)
    try:
        with warnings.catch_warnings():
            # A strength of a layer that peft found no layer for.
            warnings.filterwarnings("error", message=".*alpha_pattern")
            if part == UNET:
                Loader.load_lora_into_unet(tensors, alphas, model)
            else:
                Loader.load_lora_into_text_encoder(tensors, alphas, model, prefix=part)
    except (RuntimeError, ValueError, RuntimeWarning) as fault:
        raise SystemExit(f"{lora.file} does not fit this checkpoint's {part}: {fault}") from fault
    layers = sum(isinstance(layer, BaseTunerLayer) for layer in model.modules())
    # Two tensors a layer; the loaders only warn of those that they cannot place.
    if layers < len(tensors) // 2:
        raise SystemExit(f"{lora.file} fits {layers} of the {len(tensors) // 2} layers that it has for {part}")
    if part == UNET:
        model.fuse_lora(lora.scale)
        model.unload_lora()
    else:
        fuse_text_encoder_lora(model, lora.scale)
        recurse_remove_peft_layers(model)
    lora.layers[part] = layers


def of_part(named: dict, part: str, model: nn.Module) -> dict:
    """Those of one network, by the names that its layers have here: transformers 5 took `text_model` out of CLIPTextModel."""
    found = {name: value for name, value in named.items() if name.startswith(f"{part}.")}
    if part == UNET or hasattr(model, "text_model"):
        return found
    return {name.replace(f"{part}.text_model.", f"{part}.", 1): value for name, value in found.items()}
