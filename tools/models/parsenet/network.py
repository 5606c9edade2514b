"""ParseNet as browsers run it: the reference's own layers, with their norms folded in and classes instead of scores."""
import copy

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

SIDE, CLASSES = 512, 19


class Parser(nn.Module):
    """
    Of a picture [1, 3, 512, 512], RGB from -1 to 1: the class of each pixel, uint8 [1, 512, 512], of equal scores the
    first one. The reference's second answer, a picture, is left out.
    """

    def __init__(self, net: nn.Module):
        """@param net the reference's, which stays as it is"""
        super().__init__()
        net = folded(net)
        self.encoder, self.body, self.decoder, self.out = net.encoder, net.body, net.decoder, net.out_mask_conv

    def forward(self, picture):
        return self.scores(picture).argmax(1).to(torch.uint8)

    def scores(self, picture):
        """[1, 19, 512, 512]"""
        features = self.encoder(picture)
        return self.out(self.decoder(features + self.body(features)))


class Mirrored(torch.autograd.Function):
    """One pixel more on each side, mirrored at the last: one node in ONNX, where the exporter reckons with shapes."""

    @staticmethod
    def forward(_context, x):
        return nn.functional.pad(x, (1, 1, 1, 1), mode="reflect")

    @staticmethod
    def symbolic(graph, x):
        sides = graph.op("Constant", value_t=torch.tensor([0, 0, 1, 1, 0, 0, 1, 1]))
        batch, channels, height, width = x.type().sizes()
        padded = graph.op("Pad", x, sides, mode_s="reflect")
        return padded.setType(x.type().with_sizes([batch, channels, height + 2, width + 2]))


class MirrorPad(nn.Module):
    def forward(self, x):
        return Mirrored.apply(x)


def folded(net: nn.Module) -> nn.Module:
    """A copy whose batch norms are part of the convolutions before them, and without the reference's products with 1."""
    net = copy.deepcopy(net).eval()
    for layer in net.modules():
        if not hasattr(layer, "conv2d"):
            continue
        if isinstance(layer.norm.norm, nn.BatchNorm2d):
            layer.conv2d = fuse_conv_bn_eval(layer.conv2d, layer.norm.norm)
        layer.norm = nn.Identity()
        # Every kernel is 3 × 3.
        layer.reflection_pad = MirrorPad()
        if not isinstance(layer.relu.func, nn.Module):
            layer.relu = nn.Identity()
    return net
