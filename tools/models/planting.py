"""Twins of networks: graphs without their weights, which tests make by the rule in `uniform`."""
import math
from typing import Callable, Iterator

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

import weights
from graph import Graph, trace

# By a weight's name and value: scale and base of `uniform`.
Rule = Callable[[str, torch.Tensor], tuple[float, float]]


def uniform(seed: int, count: int, scale: float, base: float) -> np.ndarray:
    """x' = 1664525 x + 1013904223 mod 2^32 from the seed on: base + scale (x / 2^31 - 1), rounded to float32 once."""
    factors = np.cumprod(np.full(count, 1664525, np.uint32), dtype=np.uint32)
    sums = np.cumsum(np.concatenate([np.ones(1, np.uint32), factors[:-1]]), dtype=np.uint32)
    states = factors * np.uint32(seed) + sums * np.uint32(1013904223)
    return (base + scale * (states.astype(np.float64) / 2**31 - 1)).astype(np.float32)


def spread_keeping(value: torch.Tensor, gain: float = 1.0) -> tuple[float, float]:
    """Of a layer's matrix or kernel: what goes out has the spread of what comes in, times `gain`."""
    return round(gain * math.sqrt(3 / math.prod(value.shape[1:])), 6), 0.0


def plant(graph: Graph, rule: Rule, seeds: Iterator[int]) -> tuple[onnx.ModelProto, list[dict]]:
    """
    Gives the rewritten network the rule's weights. They are known in the graph by their values: first random ones, all
    different. @returns the graph, its large weights outside, and what makes them, in the order of the file.
    """
    torch.manual_seed(1)
    known = {}
    with torch.no_grad():
        for name, value in graph.module.named_parameters():
            nn.init.normal_(value)
            for turned in (False, True) if value.ndim == 2 else (False,):
                known[(value.T if turned else value).contiguous().numpy().tobytes()] = name, value, turned
        model, beside, offset = trace(graph), [], 0
        for tensor in model.graph.initializer:
            data = numpy_helper.to_array(tensor)
            if data.tobytes() not in known:
                if data.nbytes >= weights.SMALL_BYTES:
                    raise SystemExit(f"{tensor.name} is no weight of {graph.name}")
                continue
            name, value, turned = known[data.tobytes()]
            scale, base = rule(name, value)
            seed = next(seeds)
            numbers = uniform(seed, data.size, scale, base)
            planted = torch.from_numpy(numbers)
            value.copy_(planted.view(value.T.shape).T if turned else planted.view(value.shape))
            tensor.CopyFrom(numpy_helper.from_array(numbers.reshape(data.shape), tensor.name))
            if data.nbytes >= weights.SMALL_BYTES:
                weights.point_to(tensor, f"{graph.name}.weights", offset, data.nbytes)
                offset += data.nbytes
                beside.append({"seed": seed, "elements": data.size, "scale": scale, **({"base": base} if base else {})})
    return model, beside


def shortened(model: onnx.ModelProto) -> onnx.ModelProto:
    """Names are most of such a graph: only those of inputs, outputs and weights stay."""
    kept = {value.name for value in [*model.graph.input, *model.graph.output, *model.graph.initializer]}
    names = {"": ""}
    for node in model.graph.node:
        node.ClearField("name")
        node.ClearField("doc_string")
        for places in (node.input, node.output):
            for i, name in enumerate(places):
                places[i] = name if name in kept else names.setdefault(name, f"{len(names):x}")
    del model.graph.value_info[:]
    return model
