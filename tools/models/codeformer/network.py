"""CodeFormer's network as browsers run it: the reference's own layers, with the fidelity as an input that a graph can have.

It answers as the reference with `adain=True`. The reference asks `if w > 0` and names features by their size, which
tracing takes for constants; attention, the choice of codes and the statistics are written with sizes that are known, so
that the graph has no arithmetic of shapes; and a code is looked up instead of multiplied with a matrix of ones and zeros.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from torch import nn

from face_libraries import RestorationCode

SIDE = 512
# The square of features that codes stand for.
CODES_SIDE = 16
ADAIN_EPSILON = 1e-5


class Attention(nn.Module):
    """Softmax attention of [1, tokens, features] each."""

    def __init__(self, heads: int):
        super().__init__()
        self.heads = heads

    def forward(self, query, key, value):
        tokens, features = query.shape[1:]

        def split(x):
            return x.reshape(1, int(tokens), self.heads, int(features) // self.heads).transpose(1, 2)

        scores = split(query) @ split(key).transpose(2, 3) * (int(features) // self.heads) ** -0.5
        return (scores.softmax(-1) @ split(value)).transpose(1, 2).reshape(1, int(tokens), int(features))


class HalfConvolution(torch.autograd.Function):
    """In float16: one node in ONNX. PyTorch takes half an hour for all of them on a CPU, so it computes in float32."""

    @staticmethod
    def forward(_context, x, weight, bias, stride: int, padding: int):
        return nn.functional.conv2d(x.float(), weight.float(), bias.float(), stride, padding).half()

    @staticmethod
    def symbolic(graph, x, weight, bias, stride: int, padding: int):
        kernel = weight.type().sizes()[2:]
        return graph.op("Conv", x, weight, bias, kernel_shape_i=kernel, strides_i=[stride] * 2, pads_i=[padding] * 4)


class HalfConv2d(nn.Conv2d):
    def forward(self, x):
        return HalfConvolution.apply(x, self.weight, self.bias, self.stride[0], self.padding[0])


class PictureAttention(nn.Module):
    """The reference's AttnBlock."""

    def __init__(self, block: nn.Module):
        super().__init__()
        self.norm, self.q, self.k, self.v, self.proj_out = block.norm, block.q, block.k, block.v, block.proj_out
        self.attention = Attention(1)

    def forward(self, x):
        normal = self.norm(x)
        query, key, value = (rows_of(part(normal)) for part in (self.q, self.k, self.v))
        return x + self.proj_out(picture_of(self.attention(query, key, value)))


class Layer(nn.Module):
    """The reference's TransformerSALayer, of rows that come first to last instead of batch by batch."""

    def __init__(self, layer: nn.Module):
        super().__init__()
        joint = layer.self_attn
        self.norm1, self.norm2, self.linear1, self.linear2 = layer.norm1, layer.norm2, layer.linear1, layer.linear2
        self.query, self.key, self.value = map(linear, joint.in_proj_weight.chunk(3), joint.in_proj_bias.chunk(3))
        self.out, self.attention = joint.out_proj, Attention(joint.num_heads)

    def forward(self, x, place):
        normal = self.norm1(x)
        placed = normal + place
        x = x + self.out(self.attention(self.query(placed), self.key(placed), self.value(normal)))
        return x + self.linear2(nn.functional.gelu(self.linear1(self.norm2(x))))


class Restorer(nn.Module):
    """Of a picture [1, 3, 512, 512], RGB from -1 to 1, and the fidelity [1]; shares the reference network's weights."""

    def __init__(self, code: RestorationCode, net: nn.Module):
        super().__init__()

        def blocks(parts):
            return nn.ModuleList(PictureAttention(part) if isinstance(part, code.parts.AttnBlock) else part for part in parts)

        self.encoder, self.generator = blocks(net.encoder.blocks), blocks(net.generator.blocks)
        self.layers = nn.ModuleList(map(Layer, net.ft_layers))
        self.features, self.scores, self.codebook = net.feat_emb, net.idx_pred_layer, net.quantize.embedding
        self.place, self.fuse = net.position_emb, net.fuse_convs_dict
        self.leaving = {net.fuse_encoder_block[size]: size for size in net.connect_list}
        self.meeting = {net.fuse_generator_block[size]: size for size in net.connect_list}
        # What is computed with between the first and the last convolution.
        self.kind = torch.float32

    def forward(self, picture, weight):
        x, skips = picture, {}
        for i, block in enumerate(self.encoder):
            x = block(x) if i else self.inner(block(x))
            if i in self.leaving:
                skips[self.leaving[i]] = x
        codes = self.codes_of(x)
        x = self.inner(adain(picture_of(self.codebook(codes)).float(), x.float()))
        weight = self.inner(weight)
        *blocks, last = self.generator
        for i, block in enumerate(blocks):
            x = block(x)
            if i in self.meeting:
                size = self.meeting[i]
                x = self.fuse[size](skips[size], x, weight)
        return last(x.float())

    def codes_of(self, features):
        """[1, 256] of a picture's features."""
        x = self.features(rows_of(features))
        for layer in self.layers:
            x = layer(x, self.place)
        return self.scores(x).argmax(2)

    def inner(self, x):
        return x.to(self.kind)

    def halve(self) -> None:
        """Computes in float16 from now on, but for the first and the last convolution and the statistics. So does the reference."""
        self.half()
        self.kind = torch.float16
        ends = self.encoder[0].float(), self.generator[-1].float()
        for part in self.modules():
            if isinstance(part, nn.Conv2d) and part not in ends:
                part.__class__ = HalfConv2d


def linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    """Of these very numbers, not of copies."""
    made = nn.Linear(*reversed(weight.shape), device="meta")
    made.weight, made.bias = nn.Parameter(weight.detach()), nn.Parameter(bias.detach())
    return made


def rows_of(picture):
    """[1, 256, channels] of [1, channels, 16, 16]."""
    return picture.reshape(1, int(picture.shape[1]), CODES_SIDE**2).transpose(1, 2)


def picture_of(rows):
    return rows.transpose(1, 2).reshape(1, int(rows.shape[2]), CODES_SIDE, CODES_SIDE)


def adain(content, style):
    (content_mean, content_spread), (style_mean, style_spread) = statistics(content), statistics(style)
    return (content - content_mean) / content_spread * style_spread + style_mean


def statistics(x):
    """Mean and spread of each channel, the latter as of a sample."""
    mean = x.mean((2, 3), keepdim=True)
    count = CODES_SIDE**2
    variance = (x - mean).square().mean((2, 3), keepdim=True) * (count / (count - 1))
    return mean, (variance + ADAIN_EPSILON).sqrt()
