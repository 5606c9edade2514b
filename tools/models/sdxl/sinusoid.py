"""The timestep's sinusoids by arithmetic alone: WGSL promises nothing of `sin` beyond half a turn, and little within."""
import math

import torch
from torch import nn

# A turn in two parts: the first, times a few thousand, is exact in float32.
TURN_HEAD = 6.28125
TURN_TAIL = 2 * math.pi - TURN_HEAD
TERMS = 9


class Sinusoid(nn.Module):
    """In place of diffusers' Timesteps, equal to 1e-6. `angle` is first brought to half a turn around 0, then Taylor's."""

    def __init__(self, timesteps):
        super().__init__()
        half = timesteps.num_channels // 2
        exponent = -math.log(10000) * torch.arange(half, dtype=torch.float32) / (half - timesteps.downscale_freq_shift)
        # In float32 steps, as diffusers does.
        self.frequencies, self.scale = torch.exp(exponent), timesteps.scale
        self.cosine_first = timesteps.flip_sin_to_cos

    def forward(self, timesteps):
        angle = timesteps[:, None].float() * self.frequencies[None] * self.scale
        turns = torch.floor(angle / (2 * math.pi) + 0.5)
        angle = angle - turns * TURN_HEAD - turns * TURN_TAIL
        square = angle * angle
        sine, cosine = torch.zeros_like(square), torch.zeros_like(square)
        for k in reversed(range(TERMS)):
            sine = sine * square + (-1) ** k / math.factorial(2 * k + 1)
            cosine = cosine * square + (-1) ** k / math.factorial(2 * k)
        sine = sine * angle
        return torch.cat([cosine, sine] if self.cosine_first else [sine, cosine], -1)
