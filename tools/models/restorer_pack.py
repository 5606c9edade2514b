"""Makes a pack for the app of a face restorer that is ONNX already: GFPGAN v1.4, or a published CodeFormer.

    python3 -m venv VENV && VENV/bin/pip install -r requirements-codeformer.txt
    VENV/bin/python restorer_pack.py FILE.onnx OUT_FOLDER --id gfpgan|codeformer

The file must take one picture, float32 [1, 3, 512, 512] (RGB from -1 to 1), and may take one number, the fidelity, float32 or
float64; names do not matter, sizes may be free. Its first output must be such a picture. It is run once on noise. A file
of at most 512 MiB is copied as it is; of a larger one, or one with weights beside it, the weights are written in files of
at most that size. Import the folder's files together.
"""
import argparse
import math
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper

import catalog
import weights

IDS = ("gfpgan", "codeformer")
PICTURE = [1, 3, 512, 512]
FIDELITY = 0.7
# Beyond, its answer is no picture of -1 to 1; noise makes restorers leave these limits a little.
LARGEST_VALUE = 8.0
# The published CodeFormer's, less its weights: activations and a margin.
ACTIVATION_BYTES = 1_100_000_000
NUMPY_TYPES = {"float32": np.float32, "float64": np.float64}


def read(file: Path, with_weights: bool) -> ModelProto:
    """@param with_weights those in files beside it too. @raises SystemExit when it is no ONNX file or they are missing"""
    try:
        model = onnx.load(str(file), load_external_data=with_weights)
    except Exception as error:  # noqa: BLE001: protobuf and onnx have a dozen ways of saying so
        raise SystemExit(f"{file.name} cannot be read as ONNX: {error}") from None
    if not model.graph.node:
        raise SystemExit(f"{file.name} is no ONNX graph")
    return model


def ends_of(model: ModelProto) -> tuple[str, dict | None]:
    """@returns the picture's input, and the fidelity's or none. @raises SystemExit when it is no face restorer"""
    try:
        ends = catalog.tensors_of("", model)
    except KeyError as error:
        raise SystemExit(f"no face restorer: a tensor of ONNX's type {error} goes in or out") from None
    told = {end: ", ".join(f"{t['name']} {t['type']} {t['dims']}" for t in ends[end]) or "nothing" for end in ("inputs", "outputs")}
    pictures = [tensor for tensor in ends["inputs"] if is_picture(tensor)]
    numbers = [tensor for tensor in ends["inputs"] if is_number(tensor)]
    if len(pictures) != 1 or len(numbers) > 1 or len(ends["inputs"]) != 1 + len(numbers):
        raise SystemExit(f"no face restorer: it takes {told['inputs']}, not one picture {PICTURE} and perhaps a fidelity")
    if not ends["outputs"] or not is_picture(ends["outputs"][0]):
        raise SystemExit(f"no face restorer: it answers with {told['outputs']}, not a picture {PICTURE} first")
    return pictures[0]["name"], numbers[0] if numbers else None


def is_picture(tensor: dict) -> bool:
    dims = tensor["dims"]
    if tensor["type"] != "float32" or len(dims) != len(PICTURE):
        return False
    return all(isinstance(dim, str) or dim == size for dim, size in zip(dims, PICTURE))


def is_number(tensor: dict) -> bool:
    return tensor["type"] in NUMPY_TYPES and all(isinstance(dim, str) or dim == 1 for dim in tensor["dims"]) and len(tensor["dims"]) < 2


def check(file: Path, picture: str, fidelity: dict | None) -> None:
    """@raises SystemExit when onnxruntime cannot run it, or what comes out is no picture"""
    noise = np.random.default_rng(1).uniform(-1, 1, PICTURE).astype(np.float32)
    feeds = {picture: noise}
    if fidelity:
        feeds[fidelity["name"]] = np.full([1] * len(fidelity["dims"]), FIDELITY, NUMPY_TYPES[fidelity["type"]])
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        output = session.run([session.get_outputs()[0].name], feeds)[0]
    except Exception as error:  # noqa: BLE001: onnxruntime's own have no common class
        raise SystemExit(f"onnxruntime cannot run {file.name}: {error}") from None
    largest = np.abs(output).max()
    if list(output.shape) != PICTURE or not np.isfinite(output).all() or largest > LARGEST_VALUE:
        raise SystemExit(f"no picture from -1 to 1 comes out: shape {list(output.shape)}, largest value {largest}")
    print(f"of noise: values {output.min():.2f} to {output.max():.2f}, {np.abs(output - noise).mean():.3f} from it on average")


def write(model: ModelProto, file: Path, folder: Path, name: str) -> list[str]:
    """@returns names of the files, the graph first. @raises SystemExit when weights are missing"""
    folder.mkdir(parents=True, exist_ok=True)
    beside = any(tensor.external_data for tensor in model.graph.initializer)
    if not beside and file.stat().st_size <= weights.LARGEST_FILE_BYTES:
        shutil.copyfile(file, folder / f"{name}.onnx")
        return [f"{name}.onnx"]
    whole = read(file, with_weights=True)
    numbers = {tensor.name: tensor for tensor in whole.graph.initializer}
    bare = [TensorProto(name=tensor.name, dims=tensor.dims, data_type=tensor.data_type) for tensor in whole.graph.initializer]
    del model.graph.initializer[:]
    model.graph.initializer.extend(bare)
    return weights.save(model, folder, name, lambda key: torch.from_numpy(numpy_helper.to_array(numbers[key]).copy()))


def needs_of(model: ModelProto, pack_id: str) -> dict:
    """A GPU must hold the largest weight, and have float16 where the graph does."""
    tensors, needs = model.graph.initializer, catalog.entry_of(pack_id)["gpu"]
    sizes = [math.prod(tensor.dims) * helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize for tensor in tensors]
    half = any(tensor.data_type == TensorProto.FLOAT16 for tensor in tensors)
    return {"features": ["shader-f16"] if half else [], "bufferBytes": max(needs["bufferBytes"], *sizes, 0)}


def pack(file: Path, folder: Path, pack_id: str) -> dict:
    """Writes the pack. @returns its pack.json. @raises SystemExit when the file is no face restorer"""
    model = read(file, with_weights=False)
    picture, fidelity = ends_of(model)
    needs = needs_of(model, pack_id)
    names = write(model, file, folder, pack_id)
    check(folder / names[0], picture, fidelity)
    made = catalog.converted_pack(pack_id, folder, names, None, needs, ACTIVATION_BYTES)
    catalog.write_json(folder / "pack.json", made)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a pack for the app of a face restorer in ONNX.")
    parser.add_argument("file", type=Path, metavar="FILE.onnx")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("--id", choices=IDS, required=True, help="whose pack it is in the app's catalog")
    arguments = parser.parse_args()
    made = pack(arguments.file, arguments.folder, arguments.id)
    print(f"{arguments.folder}: {', '.join(file['path'] for file in made['files'])}")


if __name__ == "__main__":
    main()
