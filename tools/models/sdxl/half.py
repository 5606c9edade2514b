"""Makes a rewritten `Graph` compute in float16, with float32 at its inputs and outputs and where float16 is too coarse."""
from torch import nn

from graph import Graph
from networks import UNet

# First and last convolution and what becomes of the timestep and the sizes; their weights are few.
FLOAT_PARTS = ("conv_in", "conv_out", "time_embedding", "add_embedding")
# Inputs that only such parts see.
FLOAT_INPUTS = ("sample", "timestep", "time_ids")


class InFloat(nn.Module):
    """A part that stays float32 amid others."""

    def __init__(self, part: nn.Module, is_last: bool):
        super().__init__()
        self.part, self.is_last = part, is_last

    def forward(self, x, *others):
        found = self.part(x.float(), *others)
        return found if self.is_last else found.half()


class FloatEnds(nn.Module):
    """@param kept for each input: it goes in as float32."""

    def __init__(self, module: nn.Module, kept: list[bool]):
        super().__init__()
        self.module, self.kept = module, kept

    def forward(self, *inputs):
        given = [x.half() if x.is_floating_point() and not kept else x for x, kept in zip(inputs, self.kept, strict=True)]
        outputs = self.module(*given)
        return tuple(x.float() for x in outputs) if isinstance(outputs, tuple) else outputs.float()


def halve(graph: Graph) -> None:
    module = graph.module
    is_unet = isinstance(module, UNet)
    parts = {name: getattr(module.unet, name) for name in FLOAT_PARTS} if is_unet else {}
    for name in parts:
        setattr(module.unet, name, nn.Identity())
    module.half()
    for name, part in parts.items():
        setattr(module.unet, name, InFloat(part, name == "conv_out"))
    graph.module = FloatEnds(module, [is_unet and name in FLOAT_INPUTS for name in graph.inputs])
