"""Converts RetinaFace (ResNet-50) to ONNX. The weights, detection_Resnet50_Final.pth of facexlib's release v0.1.0, are
yours to bring: no package carries them.

    python3 -m venv VENV && VENV/bin/pip install -r requirements-retinaface.txt
    VENV/bin/python retinaface.py WEIGHTS.pth OUT_FOLDER

Writes OUT_FOLDER/retinaface_resnet50.onnx and OUT_FOLDER/pack.json; the app imports the two files together. Prints the
largest difference between PyTorch and onnxruntime, and fails when it is above its limit or when the graph has operators
it should not have.
"""
import argparse
import io
import warnings
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch

import catalog
import face_libraries

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "public/sample/eileen-collins.jpg"
ID, PATH = "retinaface", "retinaface_resnet50.onnx"
OPSET = 17
# Blue, green, red: what the detector takes off before its network.
MEAN = (104, 117, 123)
OUTPUTS = {"loc": 4, "conf": 2, "landms": 10}
# Height and width. The graph is traced at the first; the others show that its sizes are free.
TRACED, CHECKED = (320, 416), ((640, 640), (333, 517))
# Of the largest value, or of 1. Weights of a real size come to 1e-6, untrained ones with scores in the hundreds to 1e-4.
LARGEST_DIFFERENCE = 2e-4
OPERATORS = {
    "Add", "Cast", "Concat", "Constant", "Conv", "Gather", "Identity", "LeakyRelu", "MaxPool", "Relu", "Reshape", "Resize",
    "Shape", "Slice", "Softmax", "Transpose", "Unsqueeze",
}


def read(weights: bytes) -> torch.nn.Module:
    state = torch.load(io.BytesIO(weights), map_location="cpu", weights_only=True)
    network = face_libraries.facexlib().detection.RetinaFace("resnet50", device=face_libraries.CPU)
    network.load_state_dict({name.removeprefix("module."): value for name, value in state.items()})
    return network.eval()


def write(network: torch.nn.Module) -> onnx.ModelProto:
    """By tracing: torch's newer exporter needs one more package and begins at opset 18."""
    free = {"input": {2: "height", 3: "width"}, **{name: {1: "priors"} for name in OUTPUTS}}
    buffer = io.BytesIO()
    torch.onnx.export(
        network, (torch.zeros(1, 3, *TRACED),), buffer, dynamo=False, opset_version=OPSET,
        input_names=["input"], output_names=list(OUTPUTS), dynamic_axes=free,
    )
    model = onnx.load_from_string(buffer.getvalue())
    for value, numbers in zip(model.graph.output, OUTPUTS.values()):
        first, _, last = value.type.tensor_type.shape.dim
        first.dim_value, last.dim_value = 1, numbers
    onnx.checker.check_model(model, full_check=True)
    unknown = {node.op_type for node in model.graph.node if node.domain or node.op_type not in OPERATORS}
    if unknown:
        raise SystemExit(f"unexpected operators: {', '.join(sorted(unknown))}")
    return model


def check(network: torch.nn.Module, model: onnx.ModelProto) -> None:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    for height, width in CHECKED:
        picture = cv2.resize(cv2.imread(str(SAMPLE)), (width, height)).astype(np.float32) - np.float32(MEAN)
        inputs = np.ascontiguousarray(picture.transpose(2, 0, 1)[None])
        with torch.no_grad():
            expected = [output.numpy() for output in network(torch.from_numpy(inputs))]
        found = session.run(list(OUTPUTS), {"input": inputs})
        worst = max(float(np.abs(a - b).max() / max(1, np.abs(a).max())) for a, b in zip(expected, found, strict=True))
        print(f"{width}x{height}: largest difference {worst:.1e} of the largest value; best score {found[1][..., 1].max():.3f}")
        if not worst <= LARGEST_DIFFERENCE:
            raise SystemExit("the graph does not agree with PyTorch")


def pack_of(weights: bytes, source: str, data: bytes, model: onnx.ModelProto) -> dict:
    """The catalog's entry, with what it cannot know before the conversion."""
    entry = catalog.entry_of(ID)
    return {
        **entry,
        "revision": catalog.sha256(data)[:12],
        "provenance": [{
            "path": PATH, "licence": entry["licence"]["id"], "notice": None,
            "package": "github:xinntao/facexlib", "version": "v0.1.0", "file": source, "sourceSha256": catalog.sha256(weights),
            "about": "RetinaFace with ResNet-50, the weights of Pytorch_Retinaface as facexlib releases them, in float32",
        }],
        "files": [catalog.file_entry(PATH, data)],
        "tensors": [catalog.tensors_of(PATH, model)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Converts RetinaFace (ResNet-50) to ONNX.")
    parser.add_argument("weights", type=Path, metavar="WEIGHTS.pth")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    arguments = parser.parse_args()
    # facexlib and the exporter use names that torch and torchvision call old.
    warnings.simplefilter("ignore")
    weights = arguments.weights.read_bytes()
    network = read(weights)
    model = write(network)
    check(network, model)
    data = model.SerializeToString()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / PATH).write_bytes(data)
    pack = pack_of(weights, arguments.weights.name, data, model)
    catalog.write_json(arguments.folder / "pack.json", pack)
    print(f"{arguments.folder / PATH}: {len(data)} bytes, sha256 {catalog.sha256(data)}")


if __name__ == "__main__":
    main()
