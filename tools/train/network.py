"""The networks that open eyes: `UNet` on the whole strip, `CoarseToFine` with a second look at each eye.

Both take `picture` [n, 3, 80, 192], `mask` [n, 1, ...], `guide` [n, 6, ...] (form.py), `noise` [n, 1, ...] (standard normal),
`context` [n, 4, 48, 48] and `style` [n, 10] (yaw and pitch in rad, then 8 standard normal numbers), and answer with `eyes`
[n, 3, 80, 192], RGB 0..1, the whole strip. Operators: Conv, LeakyRelu, Resize nearest, DepthToSpace, Slice, Concat, Gemm,
ReduceMean and elementwise ones: all run well in onnxruntime-web on WASM and WebGPU.
"""
import torch
from torch import nn
from torch.nn import functional as F

import strip
from form import GUIDE_CHANNELS

STYLE = 10
PLANES = 3 + 1 + GUIDE_CHANNELS + 1
FEATURES = 64
SLOPE = 0.2


def conv(inside: int, outside: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    layer = nn.Conv2d(inside, outside, size, stride, size // 2)
    nn.init.kaiming_normal_(layer.weight, SLOPE, nonlinearity="leaky_relu")
    nn.init.zeros_(layer.bias)
    return layer


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first, self.second = conv(width, width), conv(width, width)
        nn.init.normal_(self.second.weight, 0, 0.01)

    def forward(self, x):
        return x + self.second(F.leaky_relu(self.first(F.leaky_relu(x, SLOPE)), SLOPE))


class Person(nn.Module):
    """What the face around tells of the eyes: [n, features]."""

    def __init__(self, features: int = FEATURES):
        super().__init__()
        widths = [4, *(features * part // 4 for part in (1, 2, 3, 4))]
        self.layers = nn.ModuleList(conv(a, b, 3, 2) for a, b in zip(widths, widths[1:]))
        self.last = nn.Linear(features + STYLE, features)

    def forward(self, context, style):
        x = context
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE)
        return F.leaky_relu(self.last(torch.cat([x.mean((2, 3)), style], 1)), SLOPE)


class Film(nn.Module):
    """Scale and shift of every channel by the person's features."""

    def __init__(self, width: int, features: int = FEATURES):
        super().__init__()
        self.width, self.linear = width, nn.Linear(features, 2 * width)
        nn.init.normal_(self.linear.weight, 0, 0.02)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x, person):
        both = self.linear(person)[:, :, None, None]
        return x * (1 + both[:, :self.width]) + both[:, self.width:]


class Body(nn.Module):
    """U-Net from planes at half size (space to depth) to `outside` planes at full size."""

    def __init__(self, inside: int, outside: int, widths: tuple, features: int = FEATURES):
        super().__init__()
        self.stem = conv(4 * inside, widths[0])
        self.downs = nn.ModuleList(conv(a, b, 3, 2) for a, b in zip(widths, widths[1:]))
        self.blocks = nn.ModuleList(Residual(width) for width in widths[1:])
        self.narrow = nn.ModuleList(conv(b, a, 1) for a, b in zip(widths, widths[1:]))
        self.joins = nn.ModuleList(conv(2 * width, width) for width in widths[:-1])
        self.films = nn.ModuleList(Film(width, features) for width in widths)
        self.last = conv(widths[0], widths[0])
        self.out = conv(widths[0], 4 * outside)
        nn.init.normal_(self.out.weight, 0, 0.01)

    def forward(self, planes, person):
        x = F.leaky_relu(self.stem(F.pixel_unshuffle(planes, 2)), SLOPE)
        skips = []
        for down, block in zip(self.downs, self.blocks):
            skips.append(x)
            x = block(down(x))
        x = F.leaky_relu(self.films[-1](x, person), SLOPE)
        for i in reversed(range(len(self.joins))):
            x = F.interpolate(self.narrow[i](x), scale_factor=2, mode="nearest")
            x = self.joins[i](torch.cat([x, skips[i]], 1))
            x = F.leaky_relu(self.films[i](x, person), SLOPE)
        return F.pixel_shuffle(self.out(F.leaky_relu(self.last(x), SLOPE)), 2)


class UNet(nn.Module):
    """Candidate (a): one body at the strip's full size."""

    def __init__(self, widths: tuple = (36, 64, 112, 160), features: int = FEATURES):
        super().__init__()
        self.person, self.body = Person(features), Body(PLANES, 3, widths, features)

    def forward(self, picture, mask, guide, noise, context, style):
        planes = torch.cat([picture - 0.5, mask, guide, noise * mask], 1)
        return picture + self.body(planes, self.person(context, style))


class CoarseToFine(nn.Module):
    """Candidate (b): both eyes together at half size, then each alone at full size, the left one mirrored."""

    def __init__(self, coarse: tuple = (48, 96, 144), fine: tuple = (44, 72, 112)):
        super().__init__()
        self.person = Person()
        self.coarse, self.fine = Body(PLANES, 3, coarse), Body(PLANES + 3, 3, fine)

    def forward(self, picture, mask, guide, noise, context, style):
        person = self.person(context, style)
        planes = torch.cat([picture - 0.5, mask, guide, noise * mask], 1)
        rough = picture + F.interpolate(self.coarse(F.avg_pool2d(planes, 2), person), scale_factor=2, mode="nearest")
        right, left = (self.fine(window, person) for window in windows(torch.cat([planes, rough - 0.5], 1)))
        rows = (strip.WINDOW_TOP, strip.HEIGHT - strip.WINDOW_TOP - strip.WINDOW_HEIGHT)
        side = strip.RIGHT_WINDOW
        half = (strip.LEFT_WINDOW - side - strip.WINDOW_WIDTH) // 2
        return rough + torch.cat([F.pad(right, (side, half, *rows)), F.pad(mirrored(left), (half, side, *rows))], 3)


class Discriminator(nn.Module):
    """Both eyes at once (the left one mirrored) with what was wished for: patches [n, 1, 8, 10], and features of two layers."""

    def __init__(self, width: int = 32):
        super().__init__()
        self.layers = nn.ModuleList([conv(2 * (3 + GUIDE_CHANNELS + 1), width, 3), conv(width, 2 * width, 4, 2),
                                     conv(2 * width, 3 * width, 4, 2), conv(3 * width, 4 * width, 4, 2)])
        self.last = conv(4 * width, 1)

    def forward(self, eyes, guide, soft):
        x = torch.cat(windows(torch.cat([eyes - 0.5, guide, soft], 1)), 1)
        features = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE)
            features.append(x)
        return self.last(x), features[1:3]


def windows(planes):
    """Right and mirrored left eye window [n, c, 64, 80] of strips."""
    rows = planes[:, :, strip.WINDOW_TOP:strip.WINDOW_TOP + strip.WINDOW_HEIGHT]
    right = rows[..., strip.RIGHT_WINDOW:strip.RIGHT_WINDOW + strip.WINDOW_WIDTH]
    return right, mirrored(rows[..., strip.LEFT_WINDOW:strip.LEFT_WINDOW + strip.WINDOW_WIDTH])


def mirrored(planes):
    return planes.flip(-1)


NETWORKS = {"unet": UNet, "coarse-to-fine": CoarseToFine}


def example(count: int = 1) -> tuple:
    """Inputs of the right shapes, all zero."""
    size = (strip.HEIGHT, strip.WIDTH)
    return (torch.zeros(count, 3, *size), torch.zeros(count, 1, *size), torch.zeros(count, GUIDE_CHANNELS, *size),
            torch.zeros(count, 1, *size), torch.zeros(count, 4, strip.CONTEXT_SIDE, strip.CONTEXT_SIDE), torch.zeros(count, STYLE))


def macs(network: nn.Module) -> int:
    """Multiplications of one strip in convolutions and linear layers."""
    total = []

    def count(layer, _, out):
        per_value = layer.weight[0].numel()
        total.append(out.numel() * per_value)

    hooks = [layer.register_forward_hook(count) for layer in network.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    with torch.no_grad():
        network(*example())
    for hook in hooks:
        hook.remove()
    return sum(total)
