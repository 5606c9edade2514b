"""
Reference numbers of the vision worker: test/golden/vision.json and its picture test/golden/face_256.png.

The picture is a square of NASA's portrait of Eileen Collins (public domain) as scikit-image carries it. Faces come from libfacedetection itself,
the mesh from LiteRT, eye measures from numpy and the head pose from OpenCV's solvePnP: none of it shares code with
the app.

    python3 -m venv VENV && VENV/bin/pip install -r ../models/requirements.txt && VENV/bin/python vision.py
"""
import ctypes
import json
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/models"))
import faces  # noqa: E402
import yunet  # noqa: E402
from packages import PackageFile, fetch  # noqa: E402

PORTRAIT = PackageFile(
    "scikit-image", "0.25.2", "skimage/data/astronaut.png",
    "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ("--python-version", "3.11", "--platform", "manylinux2014_x86_64", "--only-binary", ":all:"),
)
GOLDEN = ROOT / "test/golden"
# Square of the 512-px portrait round the face, enlarged to the mesh's input size.
LEFT, TOP, CUT, SIDE = 139, 32, 170, 256

RINGS = {
    "right": [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
    "left": [362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382],
}
RATIO = {"right": [33, 160, 158, 133, 153, 144], "left": [362, 385, 387, 263, 373, 380]}
# x to image-right, y down, z away from the camera (OpenCV), cm: points of MediaPipe's canonical face model.
HEAD = {
    33: (-4.446, -2.664, -3.173), 133: (-1.856, -2.585, -3.758), 362: (1.856, -2.585, -3.758),
    263: (4.446, -2.664, -3.173), 168: (0, -3.271, -5.236), 6: (0, -2.473, -5.789), 197: (0, -1.728, -6.317),
    1: (0, 1.127, -7.476), 234: (-7.664, -0.673, 2.436), 454: (7.664, -0.673, 2.436),
    127: (-7.743, -2.365, 2.005), 356: (7.743, -2.365, 2.005), 10: (0, -8.262, -4.482),
}


def library_faces(bgr: np.ndarray) -> list:
    with tempfile.TemporaryDirectory() as folder:
        path, runtime = f"{folder}/libfacedetection.so", f"{folder}/libgomp.so"
        Path(path).write_bytes(fetch(faces.LIBFACEDETECTION))
        Path(runtime).write_bytes(fetch(faces.LIBRARY_OPENMP))
        ctypes.CDLL(runtime, mode=ctypes.RTLD_GLOBAL)
        return [list(row) for row in yunet.reference(path, bgr) if row[0] >= 50]


def litert_mesh(bgr: np.ndarray):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=fetch(faces.FACE_LANDMARKER))
    interpreter.allocate_tensors()
    rgb = bgr[:, :, ::-1].astype(np.float32)[None] / np.float32(255)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], rgb)
    interpreter.invoke()
    values = {v.size: v.ravel() for v in (interpreter.get_tensor(d["index"]) for d in interpreter.get_output_details()[:2])}
    return values[1434].reshape(478, 3).astype(float), float(values[1][0])


def eye_measures(points: np.ndarray) -> dict:
    result = {}
    for side, ring in RINGS.items():
        x, y = points[ring, 0], points[ring, 1]
        p = points[RATIO[side], :2]
        gap = lambda i, j: float(np.linalg.norm(p[i] - p[j]))  # noqa: E731
        area = abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
        result[side] = {"areaPx": area, "aspectRatio": (gap(1, 5) + gap(2, 4)) / (2 * gap(0, 3))}
    return result


def head_pose(points: np.ndarray) -> dict:
    """Degrees from a camera so far away that it is nearly orthographic."""
    focal = 12 * SIDE
    camera = np.array([[focal, 0, SIDE / 2], [0, focal, SIDE / 2], [0, 0, 1]], float)
    model, image = np.array(list(HEAD.values()), float), points[list(HEAD), :2]
    _, turn, _ = cv2.solvePnP(model, image, camera, None, flags=cv2.SOLVEPNP_ITERATIVE)
    rotation, _ = cv2.Rodrigues(turn)
    nose = rotation @ np.array([0, 0, -1.0])
    return {
        "yaw": float(np.degrees(np.arctan2(nose[0], -nose[2]))),
        "pitch": float(np.degrees(np.arctan2(nose[1], np.hypot(nose[0], nose[2])))),
        "roll": float(np.degrees(np.arctan2(rotation[1, 0], rotation[0, 0]))),
    }


def main() -> None:
    portrait = cv2.imdecode(np.frombuffer(fetch(PORTRAIT), np.uint8), cv2.IMREAD_COLOR)
    cut = portrait[TOP : TOP + CUT, LEFT : LEFT + CUT]
    bgr = cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(GOLDEN / "face_256.png"), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    points, logit = litert_mesh(bgr)
    golden = {
        "picture": "face_256.png",
        "faces": library_faces(bgr),
        "presenceLogit": round(logit, 4),
        "points": [[round(float(v), 3) for v in p[:2]] for p in points],
        "eyes": eye_measures(points),
        "poseDegrees": head_pose(points),
    }
    (GOLDEN / "vision.json").write_text(json.dumps(golden) + "\n")
    print({k: v for k, v in golden.items() if k != "points"})


if __name__ == "__main__":
    main()
