"""
Reference numbers of identity: test/golden/identity.json.

dlib cuts its own face chip out of a picture whose colours tell the place (red = x, green = y), which gives the
geometry, and describes a square of test/golden/face_256.png, which gives the 128 numbers.

    python3 -m venv VENV && VENV/bin/pip install -r ../models/requirements.txt && VENV/bin/python identity.py
"""
import json
import sys
import tempfile
from pathlib import Path

import cv2
import dlib
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/models"))
from identity import WEIGHTS  # noqa: E402
from packages import fetch  # noqa: E402

GOLDEN = ROOT / "test/golden"
SIDE = 150
# Top-left of the described square in face_256.png.
LEFT, TOP = 51, 40
# Corners of the eye at image-right (outer, inner), of that at image-left (outer, inner), base of the nose: dlib's order.
# A head turned by about 11 degrees.
POINTS = [(168, 99), (136, 93), (58, 78), (90, 84), (104, 146)]
PLACES = [(20, 30), (75, 75), (130, 40), (60, 110)]


def chip_places() -> list:
    """For each of PLACES, pixels of the chip, where dlib took it from, in whole-pixel centres."""
    y, x = np.mgrid[0:256, 0:256].astype(np.uint8)
    shape = dlib.full_object_detection(dlib.rectangle(40, 50, 190, 200), [dlib.point(*p) for p in POINTS])
    chip = dlib.get_face_chip(np.dstack([x, y, x * 0]), shape, size=SIDE, padding=0.25)
    return [[int(v) for v in chip[row, column, :2]] for column, row in PLACES]


def embedding() -> list:
    picture = cv2.imread(str(GOLDEN / "face_256.png"))[TOP : TOP + SIDE, LEFT : LEFT + SIDE, ::-1]
    with tempfile.NamedTemporaryFile(suffix=".dat") as file:
        file.write(fetch(WEIGHTS))
        file.flush()
        network = dlib.face_recognition_model_v1(file.name)
    return [round(v, 5) for v in network.compute_face_descriptor(np.ascontiguousarray(picture))]


if __name__ == "__main__":
    golden = {
        "square": {"left": LEFT, "top": TOP, "side": SIDE}, "embedding": embedding(),
        "points": POINTS, "chipPlaces": PLACES, "photoPlaces": chip_places(),
    }
    (GOLDEN / "identity.json").write_text(json.dumps(golden) + "\n")
    print(golden["photoPlaces"])
