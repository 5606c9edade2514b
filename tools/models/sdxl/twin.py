"""Builds test/twins/sdxl and test/golden/sdxl_twin.json: SDXL's networks in small, exported as the real ones are.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-sdxl.txt
    VENV/bin/python tools/models/sdxl/twin.py

The graphs come without their weights: test/fakes/sdxlTwin.ts makes the same ones, by the rule in `uniform` of planting.py. Real are the
names, ranks and operators, the three levels with attention on two of them, and CLIP's vocabulary; the refiner has a
level less than the real one, and takes its own conditioning.
"""
import itertools
import json
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor2_0
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

import networks
from graph import Graph, as_tuple
from planting import plant, shortened, spread_keeping
from self_check import noise

TEST = HERE.parents[2] / "test"
FOLDER = TEST / "twins/sdxl"
GOLDEN = TEST / "golden/sdxl_twin.json"
FEATURES = 32
ID_FEATURES = 8
# How much larger than usual, for outputs of order 1; a UNet's are less, since guidance and many steps enlarge differences.
GAINS = {"unet.conv_out.weight": 0.5, "conv_out.weight": 1.6, "token_embedding.weight": 4, "position_embedding.weight": 2}
STORED_VALUES = 500


def rule(name: str, value: torch.Tensor) -> tuple[float, float]:
    """Scale and base of a weight: spread is kept by layers, and norms stay near 1."""
    if value.ndim == 1:
        return (0.2, 1.0) if name.endswith("weight") else (0.1, 0.0)
    gain = next((gain for end, gain in GAINS.items() if name.endswith(end)), 1.0)
    return spread_keeping(value, gain)


def unet(channels: int, refiner: bool = False) -> UNet2DConditionModel:
    last = "DownBlock2D" if refiner else "CrossAttnDownBlock2D"
    first = "UpBlock2D" if refiner else "CrossAttnUpBlock2D"
    ids = 5 if refiner else 6
    return UNet2DConditionModel(
        sample_size=8, in_channels=channels, out_channels=4, block_out_channels=(32, 64, 64), layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", last),
        up_block_types=(first, "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 1, 2), attention_head_dim=(2, 2, 4), use_linear_projection=True,
        cross_attention_dim=FEATURES * (1 if refiner else 2), addition_embed_type="text_time",
        addition_time_embed_dim=ID_FEATURES, projection_class_embeddings_input_dim=FEATURES + ids * ID_FEATURES,
    ).eval()


def clip(act: str) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=49408, hidden_size=FEATURES, intermediate_size=2 * FEATURES, num_hidden_layers=2, num_attention_heads=2,
        projection_dim=FEATURES, max_position_embeddings=networks.TOKENS, hidden_act=act,
        bos_token_id=networks.START, eos_token_id=networks.END, pad_token_id=1,
    )


def vae() -> AutoencoderKL:
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(32, 32, 64, 64), layers_per_block=1, latent_channels=4, sample_size=64,
        scaling_factor=0.13025, force_upcast=True,
    ).eval()


class Twin:
    """The plain models of diffusers and transformers with the rule's weights; graphs and manifest as they are made."""

    def __init__(self):
        self.graphs, self.models, self.weights = {}, {}, {}
        # Through all networks: no two weights are alike.
        self.seeds = itertools.count(1)
        self.text_encoder = CLIPTextModel(clip("quick_gelu")).eval()
        self.text_encoder_2 = CLIPTextModelWithProjection(clip("gelu")).eval()
        self.vae = vae()
        self.unets = {"unet9": unet(9), "unet4": unet(4), "refiner": unet(4, refiner=True)}
        self.add(networks.text_graph("text_encoder", self.text_encoder, False))
        self.add(networks.text_graph("text_encoder_2", self.text_encoder_2, True))
        for graph in networks.vae_graphs(self.vae):
            self.add(graph)
        for name, network in self.unets.items():
            graph = networks.unet_graph(network, FEATURES)
            graph.name, channels = name, network.config.in_channels
            sinusoids = network.time_proj, network.add_time_proj
            self.add(graph)
            network.time_proj, network.add_time_proj = sinusoids
            network.set_attn_processor(AttnProcessor2_0())
            wide = getattr(network.conv_in, "conv", network.conv_in)
            network.conv_in = nn.Conv2d(channels, wide.out_channels, 3, padding=1)
            network.conv_in.load_state_dict({"weight": wide.weight[:, :channels], "bias": wide.bias})

    def add(self, graph: Graph) -> None:
        graph.sizes = [(1, 8, 12), (2, 8, 8)]
        graph.module.rewrite()
        self.graphs[graph.name] = graph
        self.models[graph.name], self.weights[f"{graph.name}.weights"] = plant(graph, rule, self.seeds)


def answer(graph: Graph) -> dict:
    """One run, by PyTorch: feeds as a seed of `noise` or as values; of outputs every so manyth value."""
    feeds, tensors = {}, []
    for seed, (name, example) in enumerate(zip(graph.inputs, graph.feeds(*graph.sizes[0])), 1):
        dims = list(example.shape)
        random = name in ("sample", "latent", "encoder_hidden_states", "text_embeds")
        tensors.append(torch.from_numpy(noise(seed, dims)).float() if random else example)
        feeds[name] = {"dims": dims, **({"seed": seed} if random else {"values": example.flatten().tolist()})}
    with torch.no_grad():
        outputs = as_tuple(graph.module(*tensors))
    found = {}
    for name, output in zip(graph.outputs, outputs):
        every = math.ceil(output.numel() / STORED_VALUES)
        values = [round(value, 6) for value in output.flatten()[::every].tolist()]
        found[name] = {"dims": list(output.shape), "every": every, "values": values}
        print(f"{graph.name} {name}: mean {output.mean():.2f}, spread {output.std():.2f}")
    return {"feeds": feeds, "outputs": found}


def main() -> None:
    twin = Twin()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, model in twin.models.items():
        (FOLDER / f"{name}.onnx").write_bytes(shortened(model).SerializeToString())
    (FOLDER / "weights.json").write_text(json.dumps(twin.weights, separators=(",", ":")) + "\n")
    golden = {name: answer(graph) for name, graph in twin.graphs.items()}
    GOLDEN.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
