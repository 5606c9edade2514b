"""Reference numbers of CodeFormer's cutting and pasting: test/golden/restoration_paste.json.

The reference's own `FaceRestoreHelper` (facelib) cuts the square, takes a "restored" face and pastes it; only the networks are
missing: the face is noise, and the parsing network gives the classes it is told. The masks, which the helper keeps to
itself, are made here by its formulas.

    python3 -m venv VENV && VENV/bin/pip install -r ../models/requirements-retinaface.txt && VENV/bin/python restoration_paste.py

Photos and faces are noise that the tests repeat; stored are values at every `stride`-th pixel, the sums of whole pictures, and
colours as hex. Photos are small on purpose: the helper would enlarge them to 512 px first, which is not asked of it here.
"""
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from noise import noise

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/models"))
import face_libraries  # noqa: E402

OUT = ROOT / "test/golden/restoration_paste.json"
SIDE = 512
SAMPLES = 800
CLASSES = 19
# Side of the blocks that have one class each.
BLOCK = 64


@dataclass(frozen=True)
class Case:
    """`square` [a, c, tx, ty] takes pixel centres of the square to those of the photo; the five points follow from it."""
    seed: int
    size: tuple
    square: tuple
    factor: int
    parse: bool = False
    gray: bool = False


CASES = [
    Case(3, (211, 187), (0.21, 0.04, 41.5, 29.25), 1),
    Case(5, (211, 187), (0.21, -0.04, 37.25, 51.5), 2),
    Case(7, (127, 119), (0.11, 0.03, 33.5, 29.125), 4),
    # Over two borders; wholly round the photo.
    Case(9, (151, 163), (0.25, 0.06, -31.5, -17.75), 1),
    Case(11, (101, 91), (0.31, -0.02, -23.5, -31.25), 2),
    # 133 px, where the sum of the blur's weights misses 1; 13 px, too small for a soft edge; 370 px.
    Case(13, (187, 173), (0.26, 0.01, 23.25, 17.5), 1),
    Case(15, (61, 53), (0.026, 0.004, 21.5, 19.75), 1),
    Case(17, (397, 371), (0.72, 0.09, 31.5, -9.25), 1),
    Case(19, (211, 187), (0.24, 0.05, 35.5, 23.25), 1, parse=True),
    Case(21, (151, 163), (0.25, -0.07, 21.5, 27.75), 2, parse=True),
    Case(23, (211, 187), (0.21, 0.04, 41.5, 29.25), 1, gray=True),
]


def rgb_noise(width: int, height: int, seed: int, gray: bool) -> np.ndarray:
    picture = noise(width, height, 4, seed)[:, :, :3]
    # Nearly gray: channels differ by up to 3.
    return np.ascontiguousarray(picture[:, :, :1] // 2 + 60 + picture % 4 if gray else picture)


def classes_of(seed: int) -> np.ndarray:
    """Each class of a block, 0..18."""
    blocks = noise(SIDE // BLOCK, SIDE // BLOCK, 1, seed)[:, :, 0] % CLASSES
    return np.kron(blocks, np.ones((BLOCK, BLOCK), np.uint8))


def helper_of(library: face_libraries.Library, case: Case, classes: np.ndarray):
    library.helper.init_detection_model = lambda *_, **__: None
    helper = library.helper.FaceRestoreHelper(case.factor, use_parse=case.parse, device=face_libraries.CPU)
    logits = torch.nn.functional.one_hot(torch.from_numpy(classes.astype(np.int64)), CLASSES).permute(2, 0, 1)
    helper.face_parse = lambda _: [logits[None].float()]
    photo = rgb_noise(*case.size, case.seed, case.gray)[:, :, ::-1].copy()
    helper.input_img = photo
    helper.is_gray = library.helper.is_gray(photo, threshold=10)
    assert helper.is_gray == case.gray
    a, c, tx, ty = case.square
    x, y = helper.face_template.T
    helper.all_landmarks_5 = [np.stack([a * x - c * y + tx, c * x + a * y + ty], 1)]
    return helper


def masks_of(inverse: np.ndarray, size: tuple, factor: int) -> tuple:
    eroded = cv2.warpAffine(np.ones((SIDE, SIDE), np.float32), inverse, size)
    eroded = cv2.erode(eroded, np.ones((2 * factor, 2 * factor), np.uint8))
    edge = int(np.sum(eroded) ** 0.5) // 20
    core = cv2.erode(eroded, np.ones((2 * edge, 2 * edge), np.uint8))
    return eroded, cv2.GaussianBlur(core, (2 * edge + 1, 2 * edge + 1), 0), edge


def parse_mask_of(classes: np.ndarray, inverse: np.ndarray, size: tuple) -> np.ndarray:
    kept = [0] + [255] * 13 + [0, 255, 0, 0, 0]
    mask = np.array(kept, np.float64)[classes]
    for _ in range(2):
        mask = cv2.GaussianBlur(mask, (101, 101), 11)
    mask[:10] = mask[-10:] = mask[:, :10] = mask[:, -10:] = 0
    return cv2.warpAffine(mask / 255, inverse, size, flags=3)


def run(library: face_libraries.Library, case: Case) -> dict:
    """Everything, unsampled, RGB."""
    classes = classes_of(case.seed + 100)
    helper = helper_of(library, case, classes)
    helper.align_warp_face()
    helper.get_inverse_affine()
    face = rgb_noise(SIDE, SIDE, case.seed + 200, False)[:, :, ::-1]
    helper.add_restored_face(np.ascontiguousarray(face), helper.cropped_faces[0])
    pasted = helper.paste_faces_to_input_image()
    assert pasted.dtype == np.uint8
    # By now moved by the extra offset.
    inverse = helper.inverse_affine_matrices[0]
    size = tuple(side * case.factor for side in case.size)
    eroded, soft, edge = masks_of(inverse, size, case.factor)
    result = {
        "points": helper.all_landmarks_5[0], "matrix": helper.affine_matrices[0], "edge": edge,
        "square": helper.cropped_faces[0][:, :, ::-1], "pasted": pasted[:, :, ::-1], "eroded": eroded, "soft": soft,
    }
    return result | ({"parsing": parse_mask_of(classes, inverse, size)} if case.parse else {})


def sampled(picture: np.ndarray) -> dict:
    """Every `stride`-th pixel, row by row, and the sum of all values."""
    flat = picture.reshape(picture.shape[0] * picture.shape[1], -1)
    # Odd: the rows of an enlarged picture have even lengths, and its columns shall all be met.
    stride = max(1, flat.shape[0] // SAMPLES) | 1
    return {"stride": stride, "sum": float(f"{flat.sum(dtype=np.float64):.12g}"), "values": encoded(flat[::stride])}


def encoded(values: np.ndarray) -> str:
    """Colours as they are, shares of 0..1 as 16 bits, big end first."""
    if values.dtype == np.uint8:
        return values.tobytes().hex()
    return np.rint(values * 65535).astype(">u2").tobytes().hex()


def main() -> None:
    library = face_libraries.facelib()
    cases = []
    for case in CASES:
        found = run(library, case)
        arrays = {name: sampled(found[name]) for name in ("square", "pasted", "eroded", "soft", "parsing") if name in found}
        about = {"seed": case.seed, "size": case.size, "factor": case.factor, "parse": case.parse, "gray": case.gray}
        places = {"points": found["points"].tolist(), "matrix": found["matrix"].tolist(), "edge": found["edge"]}
        cases.append(about | places | arrays)
        print(about, "edge", found["edge"])
    golden = {"packages": ["codeformer-pip 0.0.4"], "opencv": cv2.__version__, "block": BLOCK, "cases": cases}
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
