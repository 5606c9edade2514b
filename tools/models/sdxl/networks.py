"""The five networks of SDXL as PyTorch modules with the inputs and outputs of their ONNX graphs.

A `Graph` answers as diffusers and transformers do until it is rewritten for browsers: attention becomes one operator,
com.microsoft's MultiHeadAttention, sinusoids are computed without `sin`, and a first convolution of 9 channels becomes
one of 12, the last three zero, since onnxruntime-web's GPU computes 9 wrongly (its issue 29651).
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from diffusers.models.activations import GEGLU
from torch import nn

from graph import Graph, random
from sinusoid import Sinusoid

TOKENS = 77
START, END = 49406, 49407
# As low as any score needs to vanish in a softmax; float16 holds it.
HIDDEN = -1e4
CHANNELS_9_AS = 12


class MultiHeadAttention(torch.autograd.Function):
    """PyTorch's own attention in Python, one node in ONNX. Of [batch, tokens, features] each."""

    @staticmethod
    def forward(_context, query, key, value, heads: int):
        def split(x):
            return x.unflatten(-1, (heads, -1)).transpose(1, 2)

        return nn.functional.scaled_dot_product_attention(split(query), split(key), split(value)).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph, query, key, value, heads: int):
        node = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads)
        return node.setType(query.type())


class Gelu(torch.autograd.Function):
    """One node in ONNX: onnxruntime would make it of five, but not for WebGPU."""

    @staticmethod
    def forward(_context, x):
        return nn.functional.gelu(x)

    @staticmethod
    def symbolic(graph, x):
        return graph.op("com.microsoft::Gelu", x).setType(x.type())


class OneNodeAttention:
    """An attention processor of diffusers for a UNet's transformer blocks, which know no masks."""

    def __call__(self, attention, hidden_states, encoder_hidden_states=None, attention_mask=None, **_unused):
        if attention_mask is not None:
            raise ValueError("masked attention is not exported")
        of = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        query, key, value = attention.to_q(hidden_states), attention.to_k(of), attention.to_v(of)
        return attention.to_out[0](MultiHeadAttention.apply(query, key, value, attention.heads))


class WidenedConv(nn.Module):
    """A convolution whose graph has more input channels: the added ones are zero, and so are their weights."""

    def __init__(self, narrow: nn.Conv2d, channels: int):
        super().__init__()
        self.added = channels - narrow.in_channels
        self.conv = nn.Conv2d(
            channels, narrow.out_channels, narrow.kernel_size, narrow.stride, narrow.padding,
            dtype=narrow.weight.dtype, device=narrow.weight.device,
        )
        with torch.no_grad():
            self.conv.weight.zero_()
            self.conv.weight[:, : narrow.in_channels] = narrow.weight
            self.conv.bias.copy_(narrow.bias)

    def forward(self, x):
        return self.conv(torch.cat([x, torch.zeros_like(x[:, : self.added])], 1))


class Network(nn.Module):
    def rewrite(self) -> None:
        """For browsers; it answers the same afterwards."""


class UNet(Network):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states, text_embeds, time_ids):
        added = {"text_embeds": text_embeds, "time_ids": time_ids}
        return self.unet(sample, timestep, encoder_hidden_states, added_cond_kwargs=added).sample

    def rewrite(self) -> None:
        self.unet.set_attn_processor(OneNodeAttention())
        for part in self.unet.modules():
            if isinstance(part, GEGLU):
                part.gelu = Gelu.apply
        self.unet.time_proj, self.unet.add_time_proj = Sinusoid(self.unet.time_proj), Sinusoid(self.unet.add_time_proj)
        if self.unet.conv_in.in_channels == 9:
            self.unet.conv_in = WidenedConv(self.unet.conv_in, CHANNELS_9_AS)


class TextEncoder(Network):
    """`hidden`: what leaves the last layer but one, without the final norm. `pooled`, if any: projected, of the end token."""

    def __init__(self, model, pooled: bool):
        super().__init__()
        # transformers 5 took the layer `text_model` out of CLIPTextModel.
        self.body = getattr(model, "text_model", model)
        self.projection = model.text_projection if pooled else None
        model.set_attn_implementation("eager")

    def forward(self, input_ids):
        embeddings = self.body.embeddings
        x = embeddings.token_embedding(input_ids) + embeddings.position_embedding.weight[None, :TOKENS]
        later = torch.full((1, 1, TOKENS, TOKENS), HIDDEN, dtype=x.dtype).triu(1)
        *layers, last = self.body.encoder.layers
        for layer in layers:
            x = layer(x, attention_mask=later)
        if self.projection is None:
            return x
        final = self.body.final_layer_norm(last(x, attention_mask=later))
        chosen = (torch.arange(TOKENS)[None] == self.end_of(input_ids)[:, None]).to(final.dtype)
        return x, self.projection((chosen[:, None] @ final)[:, 0])

    def end_of(self, input_ids):
        """Old configurations say 2 and mean the largest id, as transformers knows."""
        end = self.body.config.eos_token_id
        return (input_ids if end == 2 else (input_ids == end).to(torch.int32)).argmax(-1)


class VaeEncoder(Network):
    """`logvar` as it comes: whoever draws from it clamps it."""

    def __init__(self, vae):
        super().__init__()
        self.encoder, self.last = vae.encoder, vae.quant_conv or nn.Identity()

    def forward(self, sample):
        return self.last(self.encoder(sample)).chunk(2, 1)


class VaeDecoder(Network):
    """Of latents that are divided by the scaling factor already."""

    def __init__(self, vae):
        super().__init__()
        self.decoder, self.first = vae.decoder, vae.post_quant_conv or nn.Identity()

    def forward(self, latent):
        return self.decoder(self.first(latent))


PLANE = {0: "batch", 2: "height", 3: "width"}
ROWS = {0: "batch"}


def unet_graph(unet, pooled: int) -> Graph:
    """@param pooled features of the second text encoder's pooled output; the rest of the conditioning are time ids."""
    config = unet.config
    ids = (config.projection_class_embeddings_input_dim - pooled) // config.addition_time_embed_dim

    def feeds(batch: int, height: int, width: int):
        # From the second on, as large as sizes in pixels are; a refiner's last one is a score.
        times = torch.tensor([[512.0, 640.0, 0.0, 0.0, 512.0, 640.0][:ids]]).repeat(batch, 1)
        return (
            random(batch, config.in_channels, height, width), torch.tensor([501.0]),
            random(batch, TOKENS, config.cross_attention_dim, seed=2), random(batch, pooled, seed=3), times,
        )

    inputs = {"sample": PLANE, "timestep": {}, "encoder_hidden_states": ROWS, "text_embeds": ROWS, "time_ids": ROWS}
    return Graph("unet", UNet(unet), inputs, {"out_sample": PLANE}, feeds)


def text_graph(name: str, model, pooled: bool) -> Graph:
    def feeds(batch: int, *_unused: int):
        ids = torch.randint(0, START, (batch, TOKENS), generator=torch.Generator().manual_seed(1), dtype=torch.int32)
        ids[:, 0] = START
        for row in range(batch):
            ids[row, 9 + row :] = END
        return (ids,)

    outputs = {"hidden": ROWS, "pooled": ROWS} if pooled else {"hidden": ROWS}
    return Graph(name, TextEncoder(model, pooled), {"input_ids": ROWS}, outputs, feeds)


def vae_graphs(vae) -> list[Graph]:
    factor = 2 ** (len(vae.config.block_out_channels) - 1)
    encoder = Graph(
        "vae_encoder", VaeEncoder(vae), {"sample": PLANE}, {"mean": PLANE, "logvar": PLANE},
        lambda batch, height, width: (random(batch, 3, height * factor, width * factor).clamp(-1, 1),),
    )
    decoder = Graph(
        "vae_decoder", VaeDecoder(vae), {"latent": PLANE}, {"sample": PLANE},
        lambda batch, height, width: (random(batch, vae.config.latent_channels, height, width),),
    )
    return [encoder, decoder]
