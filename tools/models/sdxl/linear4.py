"""Linear layers of 4-bit weights: com.microsoft's MatMulNBits in ONNX, the same arithmetic in PyTorch.

Blocks of 32 weights of one output share a scale; there are no zero points, so a level of 8 is 0: that is the form
workers/gpu checks on a device. Rounded as by onnxruntime's MatMulNBitsQuantizer, symmetric; one level in a million differs.
No accuracy_level: it would let a device round the activations to 8 bits.
"""
import torch
from torch import nn

BITS, BLOCK, ZERO = 4, 32, 8


def quantized(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Of [out, in]: levels, two a byte and the low half first, [out, in / 32, 16]; scales [out, in / 32]."""
    blocks = weight.unflatten(1, (-1, BLOCK))
    # The weight farthest from 0 becomes level 0, which has no opposite.
    farthest = blocks.gather(-1, blocks.abs().argmax(-1, keepdim=True))
    scales = farthest / -ZERO
    inverse = torch.where(scales == 0, 0, 1 / scales)
    levels = (blocks * inverse + ZERO).round().clamp(0, 2**BITS - 1).to(torch.uint8)
    return levels[..., ::2] | levels[..., 1::2] << BITS, scales[..., 0]


class Product4(torch.autograd.Function):
    """Of [..., in], and of `quantized`: [..., out]."""

    @staticmethod
    def forward(_context, x, packed, scales):
        levels = torch.stack([packed & (2**BITS - 1), packed >> BITS], -1).flatten(-2)
        weight = (levels.to(scales.dtype) - ZERO) * scales[..., None]
        return nn.functional.linear(x, weight.flatten(1))

    @staticmethod
    def symbolic(graph, x, packed, scales):
        outputs, blocks = scales.type().sizes()
        node = graph.op(
            "com.microsoft::MatMulNBits", x, packed, scales, K_i=blocks * BLOCK, N_i=outputs, bits_i=BITS, block_size_i=BLOCK,
        )
        # Of some sizes, none may be known; a rank is.
        return node.setType(x.type().with_sizes([*x.type().varyingSizes()[:-1], outputs]))


class Linear4(nn.Module):
    def __init__(self, linear: nn.Linear):
        super().__init__()
        packed, scales = quantized(linear.weight.detach())
        self.register_buffer("packed", packed)
        self.register_buffer("scales", scales)
        self.bias = linear.bias

    def forward(self, x):
        found = Product4.apply(x, self.packed, self.scales)
        return found if self.bias is None else found + self.bias


def quantize(module: nn.Module, kept: tuple[str, ...]) -> None:
    """Every linear layer whose inputs divide into blocks, one after the other. @param kept parts of the module that stay"""
    paths = [path for path, part in module.named_modules() if isinstance(part, nn.Linear) and part.in_features % BLOCK == 0]
    for path in paths:
        if not set(path.split(".")) & set(kept):
            module.set_submodule(path, Linear4(module.get_submodule(path)))
