"""Reference numbers of the RetinaFace detector: test/golden/retinaface.json.

The network is the twin in test/twins; everything round it - the picture's enlargement and resizing, priors, decoding,
sorting, NMS, the eye-distance filter - is done by facexlib's own code and by that of CodeFormer's facelib, with the
arguments of their command lines (resize 640, eye distance 5).

    python3 -m venv VENV && VENV/bin/pip install -r ../models/requirements-retinaface.txt && VENV/bin/python retinaface.py

A case is a `photo` (below the project's folder), decoded by Pillow and turned upright, or its `crop` [left, top, width,
height], and a `variant`. `inputSize` [width, height] is the network's input, `beforeFilter` the faces after NMS, `faces`
what the filter leaves of them, in the reference's order, in the coordinates of the photo or the crop: facelib reports
in those of its picture, whose shorter side it first enlarged to 512 (by cv2.resize with a factor: steps of exactly
1 / factor), so these are divided by that same factor, in double precision. The references scale the score along with the
box; here it is the network's.
"""
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
import torchvision
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/models"))
import face_libraries  # noqa: E402

OUT = ROOT / "test/golden/retinaface.json"
TWIN = ROOT / "test/twins/retinaface.onnx"
SAMPLE, SHARED = "public/sample/eileen-collins.jpg", "../shared/photos"
CASES = [
    (SAMPLE, None),
    (SAMPLE, (93, 21, 323, 300)),
    (SAMPLE, (3, 5, 509, 431)),
    ("test/golden/face_256.png", None),
    (f"{SHARED}/open_01_astronaut.png", None),
    (f"{SHARED}/open_01_astronaut.png", (21, 9, 467, 341)),
    (f"{SHARED}/open_01_astronaut.png", (148, 333, 117, 111)),
    (f"{SHARED}/group_09_family_6faces.jpg", None),
    (f"{SHARED}/group_16_black_family_3faces.jpg", None),
    (f"{SHARED}/group_16_black_family_3faces.jpg", (25, 5, 949, 651)),
    (f"{SHARED}/rot_04_exif6_curie.jpg", None),
]
EYE_DISTANCE = 5
RESIZE = 640
FACELIB_SHORTEST = 512
# A JPEG decoder, or a resize that rounds in another way, may differ by this: one grey level in so many of the values.
SHAKEN_SHARE = 0.0001
LARGEST_SHIFT = 0.05


class Reference:
    """A library's `FaceRestoreHelper` and `RetinaFace`, the twin in the place of the network."""

    def __init__(self, library: face_libraries.Library, session: onnxruntime.InferenceSession, **options):
        class Detector(library.detection.RetinaFace):
            def forward(self, inputs):
                self.input_size = [inputs.shape[3], inputs.shape[2]]
                outputs = session.run(["loc", "conf", "landms"], {"input": inputs.numpy()})
                return [torch.from_numpy(output) for output in outputs]

            def detect_faces(self, *arguments):
                self.rows = super().detect_faces(*arguments)
                return self.rows

        self.detector = Detector(**options)
        library.helper.init_detection_model = lambda *_, **__: self.detector
        self.helper = library.helper.FaceRestoreHelper(1, device=face_libraries.CPU)

    def boxes_and_points(self, picture: np.ndarray, eye_distance: float | None) -> list:
        self.helper.clean_all()
        self.helper.read_image(picture)
        self.helper.get_face_landmarks_5(resize=RESIZE, eye_dist_threshold=eye_distance)
        return list(zip(self.helper.det_faces, self.helper.all_landmarks_5))

    def detect(self, picture: np.ndarray, enlarged: float) -> dict:
        """`enlarged` is by how much the library enlarges the picture before anything else."""
        unfiltered = self.boxes_and_points(picture, None)
        scores = {box.tobytes(): row[4] for (box, _), row in zip(unfiltered, self.detector.rows, strict=True)}
        faces = [
            {
                "box": numbers(box[:4] / np.float64(enlarged)),
                "score": number(scores[box.tobytes()]),
                "points": [numbers(point / np.float64(enlarged)) for point in points],
            }
            for box, points in self.boxes_and_points(picture, EYE_DISTANCE)
        ]
        return {"inputSize": self.detector.input_size, "beforeFilter": len(self.detector.rows), "faces": faces}


def number(value: float) -> float:
    """Nine digits: all that float32 has."""
    return float(f"{value:.9g}")


def numbers(values: np.ndarray) -> list:
    return [number(value) for value in values]


def picture_of(photo: str, crop: tuple | None) -> np.ndarray:
    """Upright, BGR."""
    picture = np.asarray(ImageOps.exif_transpose(Image.open(ROOT / photo)).convert("RGB"))[:, :, ::-1]
    left, top, width, height = crop or (0, 0, picture.shape[1], picture.shape[0])
    return np.ascontiguousarray(picture[top : top + height, left : left + width])


def enlargement(variant: str, picture: np.ndarray) -> float:
    shortest = min(picture.shape[:2])
    return FACELIB_SHORTEST / shortest if variant == "facelib" and shortest < FACELIB_SHORTEST else 1.0


def shaken(picture: np.ndarray) -> np.ndarray:
    chance = np.random.default_rng(1).random(picture.shape)
    steps = (chance < SHAKEN_SHARE / 2).astype(int) - (chance > 1 - SHAKEN_SHARE / 2)
    return np.clip(picture + steps, 0, 255).astype(np.uint8)


def check_steady(name: str, found: dict, again: dict) -> None:
    """No decision may hang on a rounding error: a test on another machine could not meet the numbers then."""
    if (len(found["faces"]), found["beforeFilter"]) != (len(again["faces"]), again["beforeFilter"]):
        raise SystemExit(f"{name}: another number of faces when the picture is shaken")
    for one, other in zip(found["faces"], again["faces"]):
        if np.abs(np.subtract(one["box"], other["box"])).max() > LARGEST_SHIFT * max(found["inputSize"]) / RESIZE:
            raise SystemExit(f"{name}: another order or other places when the picture is shaken")


def main() -> None:
    session = onnxruntime.InferenceSession(TWIN)
    references = {
        "facelib": Reference(face_libraries.facelib(), session),
        "facexlib": Reference(face_libraries.facexlib(), session, device=face_libraries.CPU),
    }
    cases = []
    for photo, crop in CASES:
        picture = picture_of(photo, crop)
        for variant, reference in references.items():
            enlarged = enlargement(variant, picture)
            found = reference.detect(picture, enlarged)
            name = f"{photo} {crop} {variant}"
            print(name, found["inputSize"], found["beforeFilter"], len(found["faces"]))
            check_steady(name, found, reference.detect(shaken(picture), enlarged))
            cases.append({"photo": photo, "crop": crop, "variant": variant, **found})
    versions = {"opencv": cv2.__version__, "torch": torch.__version__, "torchvision": torchvision.__version__}
    golden = {"packages": ["facexlib 0.3.0", "codeformer-pip 0.0.4"], **versions, "cases": cases}
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
