"""What InsightFace itself finds: test/golden/insightface.json.

    python3 -m venv VENV && VENV/bin/pip install -r tools/golden/requirements-insightface.txt
    VENV/bin/python tools/golden/detectors.py

Boxes and points are in pixels of the upright photo as InsightFace and OpenCV count them (a pixel's centre is whole),
faces in InsightFace's order, numbers the shortest that are the same float32. Its networks for research only are not
needed: a small one of the same family looks at ../shared/photos, and the twins (tools/models/twins.py) at the sample.
"""
import json
from pathlib import Path

import cv2
import insightface
import numpy as np
import onnxruntime
import PIL
from insightface.app.common import Face
from insightface.model_zoo import get_model
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "test/golden/insightface.json"
DET_10G, LANDMARKS = (ROOT / "test/twins" / name for name in ("det_10g.onnx", "2d106det.onnx"))
SAMPLE = ROOT / "public/sample/eileen-collins.jpg"
PHOTOS = ROOT.parent / "shared/photos"
SCRFD = ROOT.parent / "shared/models/scrfd_500m_bnkps.onnx"

NAMES = """
group_01_bar_blink_7faces.jpg group_02_t1_6faces.jpg group_09_family_6faces.jpg group_12_solvay1927.png
group_16_black_family_3faces.jpg open_01_astronaut.png open_02_biden_7mp.jpg open_03_obama_podium.jpg
open_25_profile.jpg rot_04_exif6_curie.jpg closed_05_looking_down.jpg closed_11_video_frame_laugh.jpg
syn_alpha_gradient_closed.png group_07_eu_council_31faces_10mp.jpg
""".split()
# Width and height of what a network looks at. The small SCRFD's file allows one; the twin takes any, as det_10g does.
SIZE = (640, 640)
SAMPLE_SIZES = [SIZE, (320, 480), (960, 640)]
SIZED_NAMES = "group_09_family_6faces.jpg group_12_solvay1927.png rot_04_exif6_curie.jpg".split()
SIZES = [(320, 320), (960, 640), (1280, 1280)]

# On the sample: its face as the small SCRFD finds it, half outside on the left, right, top and bottom, very small,
# low and wide, very large.
BOXES = [
    (179.8218, 60.78492, 271.4333, 179.6543), (-51.3, 120.6, 48.9, 247.1), (470.25, 60.5, 560.75, 180.1),
    (200.2, -70.4, 300.9, 60.3), (330.7, 455.1, 420.6, 569.8), (214.6, 97.3, 223.9, 109.2),
    (60.35, 300.15, 410.85, 371.45), (-640.5, -512.25, 1180.75, 1420.5),
]
RINGS = [[35, 41, 40, 42, 39, 37, 33, 36], [89, 95, 94, 96, 93, 91, 87, 90]]
AREAS_OF = [0, 4, 6]
# Nearer to a threshold or another score than this, the rounding of another runtime could decide otherwise.
MARGIN = 1e-5


def decode(path: Path) -> np.ndarray:
    """Upright BGR; transparency is left out, not blended."""
    return np.ascontiguousarray(np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))[..., ::-1])


def network(path: Path):
    return get_model(str(path), providers=["CPUExecutionProvider"])


def detect(path: Path, photo: Path, size: tuple) -> dict:
    detector, picture = network(path), decode(photo)

    def run(nms: float = 0.4, score: float = 0.5):
        detector.prepare(-1, input_size=size, nms_thresh=nms, det_thresh=score)
        return detector.detect(picture)

    boxes, points = run()
    for nms, score in ((0.4 - MARGIN, 0.5), (0.4 + MARGIN, 0.5), (0.4, 0.5 - MARGIN), (0.4, 0.5 + MARGIN)):
        assert np.array_equal(run(nms, score)[0], boxes), f"{photo.name} {size}: a threshold is too close"
    assert np.all(np.diff(boxes[:, 4]) < -MARGIN), f"{photo.name} {size}: two scores are too close"
    faces = [
        {"box": numbers(box[:4]), "score": number(box[4]), "points": [numbers(p) for p in five]}
        for box, five in zip(boxes, points)
    ]
    height, width = picture.shape[:2]
    return {"photo": photo.name, "width": width, "height": height, "detSize": size, "faces": faces}


def number(value: np.float32) -> float:
    return float(str(value))


def numbers(values: np.ndarray) -> list:
    return [number(v) for v in values]


def landmarks() -> list:
    """Each box in float32, as a detector hands it on, and its 106 points."""
    network_106, picture = network(LANDMARKS), decode(SAMPLE)
    boxes = np.array(BOXES, np.float32)
    return [(box, network_106.get(picture, Face(bbox=box))) for box in boxes]


def area(ring: np.ndarray) -> float:
    x, y = ring.astype(float).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def text(value) -> str:
    """JSON, a line for each entry of a list."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(text, value)) + "\n]"
    return json.dumps(value, separators=(",", ":"))


def main() -> None:
    found = landmarks()
    areas = [{"landmarks": i, "areas": [area(found[i][1][ring]) for ring in RINGS]} for i in AREAS_OF]
    assert all(a > 0 for entry in areas for a in entry["areas"]), "a ring is not clockwise"
    golden = {
        "versions": {m.__name__: m.__version__ for m in (insightface, onnxruntime, cv2, np, PIL)},
        "scrfd": [detect(SCRFD, PHOTOS / name, SIZE) for name in NAMES],
        "scrfdTwin": [detect(DET_10G, SAMPLE, size) for size in SAMPLE_SIZES],
        "scrfdTwinSizes": [detect(DET_10G, PHOTOS / name, size) for name in SIZED_NAMES for size in SIZES],
        "landmarks106": [{"box": numbers(box), "points": [numbers(p) for p in points]} for box, points in found],
        "eyeAreas": areas,
    }
    OUT.write_text("{\n" + ",\n".join(f'"{key}":{text(value)}' for key, value in golden.items()) + "\n}\n")
    for case in golden["scrfd"] + golden["scrfdTwin"] + golden["scrfdTwinSizes"]:
        print(case["photo"], case["detSize"], len(case["faces"]), "faces")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
