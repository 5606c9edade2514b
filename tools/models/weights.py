"""Weights beside their graph. They go from a module to the files one by one, so that no second copy of all is made."""
from pathlib import Path
from typing import Callable

import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper
from torch import nn

# onnxruntime-web reads a weights file into one array unless it has JSPI; half a gigabyte always fits.
LARGEST_FILE_BYTES = 512 * 1024 * 1024
# Numbers below this many bytes stay in the graph: shapes, scales, constants.
SMALL_BYTES = 1024


def own_tensors(module: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.detach() for name, tensor in [*module.named_parameters(), *module.named_buffers()]}


def bind(model: ModelProto, module: nn.Module) -> dict[str, torch.Tensor]:
    """
    Makes initializers without numbers of what a graph traced without weights has as inputs. @returns their numbers by
    name: views of the module's own, transposed where a product wants them so.
    """
    own, graph = own_tensors(module), model.graph
    tensors = {value.name: own[value.name] for value in graph.input if value.name in own}
    inputs = [value for value in graph.input if value.name not in own]
    nodes = []
    for node in graph.node:
        if node.op_type == "Transpose" and node.input[0] in tensors:
            tensors[node.output[0]] = tensors[node.input[0]].permute(*helper.get_node_attr_value(node, "perm"))
        else:
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    tensors = {name: tensor for name, tensor in tensors.items() if name in used}
    for field, kept in ((graph.input, inputs), (graph.node, nodes)):
        kept = [type(part).FromString(part.SerializeToString()) for part in kept]
        del field[:]
        field.extend(kept)
    for name, tensor in tensors.items():
        kind = helper.np_dtype_to_tensor_dtype(tensor.new_empty(0).numpy().dtype)
        graph.initializer.add(name=name, dims=tensor.shape, data_type=kind)
    return tensors


def save(model: ModelProto, folder: Path, name: str, number: Callable[[str], torch.Tensor]) -> list[str]:
    """
    Writes NAME.onnx and NAME.0.weights, NAME.1.weights … cut between tensors; returns the files' names.
    @param number what an initializer without numbers gets, by its name
    """
    names, size, file = [f"{name}.onnx"], LARGEST_FILE_BYTES, None
    for tensor in model.graph.initializer:
        numbers = number(tensor.name).contiguous().numpy()
        if numbers.nbytes < SMALL_BYTES:
            tensor.CopyFrom(numpy_helper.from_array(numbers, tensor.name))
            continue
        if size + numbers.nbytes > LARGEST_FILE_BYTES:
            if file:
                file.close()
            names.append(f"{name}.{len(names) - 1}.weights")
            file, size = (folder / names[-1]).open("wb"), 0
        file.write(numbers.data)
        point_to(tensor, names[-1], size, numbers.nbytes)
        size += numbers.nbytes
    if file:
        file.close()
    (folder / names[0]).write_bytes(model.SerializeToString())
    return names


def point_to(tensor: TensorProto, path: str, offset: int, length: int) -> None:
    """Takes the numbers out of the graph, which then says where they are."""
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    tensor.data_location = TensorProto.EXTERNAL
    del tensor.external_data[:]
    for key, value in (("location", path), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
