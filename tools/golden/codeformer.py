"""Reference numbers of CodeFormer's road round its network, align -> network -> paste: test/golden/codeformer.json.

    python3 -m venv VENV && VENV/bin/pip install -r ../models/requirements-codeformer.txt && VENV/bin/python codeformer.py

Everything is done by the reference's own code with the arguments of its command line, but that no detector runs (points
are given), no face is parsed (use_parse is off) and the network is the twin, in PyTorch.

`alignments` are similarities of 1000 sets of 5 points (`points_of`): `matrices` has a, b, x, y of [[a, -b, x], [b, a, y]]
for each, `inliers` a digit in base 32 for each, bit i for point i. A case of `cases` is a photo (`photo_of`) with faces in
the coordinates of `inputSize`, the photo's own or, when that is smaller than 512, those of the enlarged one. Colours are
red, green, blue. `box` is left, top, width, height in the pasted picture, `samples` every so manyth pixel or value of
the rows of such a box or square, as hex for bytes. `eroded` is the first mask of a face, `soft` the one that mixes; `sums`
are of all their values.
"""
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import cv2
import numpy as np
import torch
from noise import noise
from torchvision.transforms.functional import normalize

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools/models"), str(ROOT / "tools/models/codeformer")]
import face_libraries  # noqa: E402
from twin import PlantedTwin  # noqa: E402

OUT = ROOT / "test/golden/codeformer.json"
SETS, BYTES_PER_SET, SETS_SEED = 1000, 16, 5
CELL = 32
# Of a square of 512 and of a pasted box: pixels, and a mask's values.
SQUARE_STEP, BOX_SAMPLES, MASK_SAMPLES = 521, 700, 400
# Another warp may differ from OpenCV's by a grey level in so many of the values.
SHAKEN_SHARE, SHAKES = 0.002, 3
LARGEST_SHAKE = 1


@dataclass(frozen=True)
class Case:
    """Points: eyes, nose, corners of the mouth, as they lie in the picture from left to right."""
    size: tuple
    seed: int
    upscale: int
    fidelity: float
    faces: tuple
    gray: bool = False


UPRIGHT = ((250.5, 220.25), (312.75, 226.5), (279.0, 258.5), (250.25, 285.75), (304.5, 291.0))
# Its square leaves the picture at two sides.
CORNER = ((40.25, 61.5), (118.75, 32.0), (96.5, 97.25), (90.0, 142.5), (155.25, 119.0))
# The nose is far from where the others want it.
STRAY = ((430.5, 330.0), (501.25, 322.75), (529.0, 371.5), (445.75, 412.25), (507.5, 404.0))
LARGE = ((181.0, 201.5), (458.5, 223.25), (311.75, 377.0), (187.5, 489.75), (431.0, 508.25))
SMALL = ((301.25, 299.0), (320.0, 298.25), (311.5, 310.75), (303.0, 318.5), (319.75, 317.25))
TURNED = ((402.75, 170.0), (391.25, 262.5), (343.0, 209.75), (306.5, 166.25), (297.75, 244.5))
CASES = (
    Case((640, 560), 11, 1, 0.5, (UPRIGHT,)),
    Case((640, 560), 13, 2, 0.7, (CORNER, STRAY)),
    Case((673, 641), 21, 1, 1.0, (LARGE,)),
    Case((531, 523), 31, 4, 0.5, (SMALL,)),
    Case((301, 263), 43, 2, 0.0, (TURNED,)),
    Case((640, 560), 74, 1, 0.7, (UPRIGHT,), gray=True),
)


def points_of(index: int, template: np.ndarray) -> np.ndarray:
    """
    The template turned, moved and disturbed, and in some sets one point far off. Only sums, products and quotients by
    powers of two, in double precision: any language gives the same.
    """
    b = noise(SETS * BYTES_PER_SET, 1, 1, SETS_SEED).reshape(SETS, BYTES_PER_SET)[index].astype(np.float64)
    a, c = 0.125 + b[0] / 128, (b[1] - 128) / 128
    disturbed = template + (b[5:15].reshape(5, 2) - 128) / 128 * (b[4] / 4)
    points = np.stack([
        a * disturbed[:, 0] - c * disturbed[:, 1] + b[2] * 4, c * disturbed[:, 0] + a * disturbed[:, 1] + b[3] * 4,
    ], axis=1)
    if b[15] >= 192:
        points[int(b[15]) % 5] += (300, -200)
    return points


def alignments(template: np.ndarray) -> dict:
    matrices, inliers = [], ""
    for index in range(SETS):
        matrix, chosen = cv2.estimateAffinePartial2D(points_of(index, template), template, method=cv2.LMEDS)
        matrices.append([round(matrix[0, 0], 7), round(matrix[1, 0], 7), round(matrix[0, 2], 4), round(matrix[1, 2], 4)])
        inliers += "0123456789abcdefghijklmnopqrstuv"[sum(1 << i for i in range(5) if chosen[i, 0])]
    counts = np.bincount([bin(int(digit, 32)).count("1") for digit in inliers], minlength=6)
    print("sets by number of inliers:", dict(enumerate(counts.tolist())))
    return {"seed": SETS_SEED, "bytesPerSet": BYTES_PER_SET, "inliers": inliers, "matrices": matrices}


def photo_of(size: tuple, seed: int, gray: bool) -> np.ndarray:
    """
    RGB: noise every 32 pixels with straight ramps between, and a grain of -8 to 7. A gray one is half of its red plus 64,
    thrice: with more contrast, the reference makes values above 256 and takes the picture for one of 16 bits.
    """
    width, height = size
    grid = noise(width // CELL + 2, height // CELL + 2, 3, seed).astype(np.int64)
    (row, down), (column, right) = np.divmod(np.arange(height), CELL), np.divmod(np.arange(width), CELL)
    down, right = down[:, None, None], right[None, :, None]
    upper = grid[row][:, column] * (CELL - right) + grid[row][:, column + 1] * right
    lower = grid[row + 1][:, column] * (CELL - right) + grid[row + 1][:, column + 1] * right
    smooth = (upper * (CELL - down) + lower * down + CELL * CELL // 2) // CELL**2
    photo = np.clip(smooth + (noise(width, height, 3, seed + 1) >> 4) - 8, 0, 255).astype(np.uint8)
    return (photo[..., :1] // 2 + 64).repeat(3, axis=2) if gray else photo


class Reference:
    def __init__(self):
        helper = face_libraries.facelib().helper
        self.code = face_libraries.codeformer()
        self.network = PlantedTwin(self.code).network
        self.helper = helper.FaceRestoreHelper(1, face_size=512, use_parse=False, device=face_libraries.CPU)

    def tensor_of(self, crop: np.ndarray) -> torch.Tensor:
        tensor = self.code.pictures.img2tensor(crop / 255.0, bgr2rgb=True, float32=True)
        return normalize(tensor, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)).unsqueeze(0)

    def restored(self, crop: np.ndarray, fidelity: float) -> np.ndarray:
        with torch.no_grad():
            output = self.network(self.tensor_of(crop), w=fidelity, adain=True)[0]
        return self.code.pictures.tensor2img(output, rgb2bgr=True, min_max=(-1, 1)).astype("uint8")

    def check_steady(self, crop: np.ndarray, fidelity: float) -> None:
        """No code may hang on a grey level: a test with another warp could not meet the numbers then."""
        plain, generator = self.restored(crop, fidelity).astype(int), np.random.default_rng(1)
        for _ in range(SHAKES):
            chance = generator.random(crop.shape)
            steps = (chance < SHAKEN_SHARE / 2).astype(int) - (chance > 1 - SHAKEN_SHARE / 2)
            apart = np.abs(plain - self.restored(np.clip(crop + steps, 0, 255).astype(np.uint8), fidelity))
            print(f"  shaken: {apart.max()} grey levels, on average {apart.mean():.4f}")
            if apart.max() > LARGEST_SHAKE:
                raise SystemExit("another restoration when the crop is shaken")

    def run(self, case: Case) -> dict:
        helper = self.helper
        helper.clean_all()
        helper.set_upscale_factor(case.upscale)
        photo = photo_of(case.size, case.seed, case.gray)
        helper.read_image(np.ascontiguousarray(photo[..., ::-1]))
        helper.all_landmarks_5 = [np.array(points, np.float32) for points in case.faces]
        print(case.size, case.upscale, case.fidelity)
        helper.align_warp_face()
        for crop in helper.cropped_faces:
            self.check_steady(crop, case.fidelity)
            helper.add_restored_face(self.restored(crop, case.fidelity), crop)
        helper.get_inverse_affine()
        with Watched("erode") as eroded, Watched("GaussianBlur") as soft:
            pasted = helper.paste_faces_to_input_image()
        if pasted.dtype != np.uint8 or helper.is_gray != case.gray:
            raise SystemExit("not the picture that the case is about")
        height, width = helper.input_img.shape[:2]
        faces = [
            self.face(i, case, eroded.results[2 * i], soft.results[i], pasted) for i in range(len(case.faces))
        ]
        return {
            "size": case.size, "seed": case.seed, "gray": case.gray, "upscale": case.upscale, "fidelity": case.fidelity,
            "photoSum": int(photo.sum(dtype=np.int64)), "inputSize": [width, height], "pastedSize": [pasted.shape[1], pasted.shape[0]],
            "pastedSum": int(pasted.sum(dtype=np.int64)), "faces": faces,
        }

    def face(self, i: int, case: Case, eroded: np.ndarray, soft: np.ndarray, pasted: np.ndarray) -> dict:
        helper, box = self.helper, box_of(soft)
        values = {"eroded": sampled(cut(eroded, box), MASK_SAMPLES), "soft": sampled(cut(soft, box), MASK_SAMPLES)}
        return {
            "points": case.faces[i],
            "matrix": rounded(helper.affine_matrices[i]), "inverse": rounded(helper.inverse_affine_matrices[i]),
            "crop": hexed(helper.cropped_faces[i], SQUARE_STEP), "restored": hexed(helper.restored_faces[i], SQUARE_STEP),
            "box": box, "pasted": hexed(cut(pasted, box), step_for(box, BOX_SAMPLES)),
            "sums": {"eroded": round(float(eroded.sum(dtype=np.float64)), 2), "soft": round(float(soft.sum(dtype=np.float64)), 2)},
            **values,
        }


class Watched:
    """Keeps what a function of OpenCV returns."""

    def __init__(self, name: str):
        self.results, function = [], getattr(cv2, name)

        def watching(*arguments, **options):
            self.results.append(function(*arguments, **options))
            return self.results[-1]

        self.patch = mock.patch.object(cv2, name, watching)

    def __enter__(self):
        self.patch.start()
        return self

    def __exit__(self, *_):
        self.patch.stop()


def box_of(mask: np.ndarray) -> list:
    left, top, width, height = cv2.boundingRect((mask > 0).astype(np.uint8))
    return [left, top, width, height]


def cut(picture: np.ndarray, box: list) -> np.ndarray:
    left, top, width, height = box
    return picture[top : top + height, left : left + width]


def step_for(box: list, samples: int) -> int:
    """Odd: it meets every row and every column of most boxes."""
    return max(1, box[2] * box[3] // samples) | 1


def sampled(mask: np.ndarray, samples: int) -> dict:
    step = step_for([0, 0, *mask.shape], samples)
    return {"every": step, "values": [round(float(value), 5) for value in mask.reshape(-1)[::step]]}


def hexed(picture: np.ndarray, step: int) -> dict:
    """BGR comes out as RGB. A gray restoration is no bytes: its values are rounded."""
    pixels = picture.reshape(-1, 3)[::step, ::-1]
    return {"every": step, "bytes": np.rint(pixels).clip(0, 255).astype(np.uint8).tobytes().hex()}


def rounded(matrix: np.ndarray) -> list:
    return [float(f"{value:.10g}") for value in matrix.ravel()]


def main() -> None:
    torch.set_num_threads(1)
    reference = Reference()
    golden = {
        "packages": ["codeformer-pip 0.0.4"], "opencv": cv2.__version__, "torch": torch.__version__,
        "alignments": alignments(reference.helper.face_template), "cases": [reference.run(case) for case in CASES],
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
