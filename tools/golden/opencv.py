"""Reference numbers for src/pixels, made by OpenCV: test/golden/opencv.json.

    python -m venv .venv && .venv/bin/pip install -r tools/golden/requirements.txt
    .venv/bin/python tools/golden/opencv.py

Sources are noise from a linear congruential generator that the tests repeat, so only results are stored:
bytes as hex, floats as numbers or as the hex of float32 (little end first).
"""

import json
from pathlib import Path

import cv2
import numpy as np
from noise import noise

OUT = Path(__file__).parents[2] / "test" / "golden" / "opencv.json"


def exact_cases(flag: int, sizes: list[tuple[int, int, int, int]], first_seed: int):
    for seed, (w, h, to_w, to_h) in enumerate(sizes, first_seed):
        result = cv2.resize(noise(w, h, 4, seed), (to_w, to_h), interpolation=flag)
        yield {"seed": seed, "from": [w, h], "to": [to_w, to_h], "result": result.tobytes().hex()}


RESIZE = [(23, 17, 31, 29), (40, 30, 20, 15), (37, 41, 13, 11), (5, 4, 12, 9), (64, 48, 27, 48)]

# Fractions in both axes and in one, lines, halves and other blocks. With these seeds, 48 × 40 and 98 × 60 tell
# float32 sums from exact ones; 98 → 2 is no block, since 1 / (2 / 98) is not 49. The last ones grow.
RESIZE_AREA = [
    (23, 17, 9, 7), (33, 20, 32, 19), (48, 40, 20, 16), (200, 150, 7, 5), (30, 20, 30, 7), (40, 30, 20, 13),
    (40, 30, 20, 15), (60, 44, 20, 11), (1, 40, 1, 13), (40, 1, 13, 1), (98, 20, 49, 20), (98, 60, 2, 30),
    (23, 17, 31, 29), (30, 20, 41, 9), (12, 9, 5, 21), (1, 5, 7, 3),
]

RESIZE_LANCZOS4 = [
    (23, 17, 9, 7), (33, 20, 32, 19), (200, 150, 7, 5), (30, 20, 30, 7), (40, 30, 20, 15), (1, 40, 1, 13),
    (23, 17, 31, 29), (12, 9, 5, 21), (5, 4, 12, 9), (6, 5, 12, 10), (1, 5, 4, 12), (40, 1, 65, 1),
]


def cubic_cases():
    for seed, (w, h, to_w, to_h) in enumerate([(12, 9, 30, 25), (16, 16, 17, 33)], 11):
        picture = noise(w, h, 4, seed).astype(np.float32)
        result = cv2.resize(picture, (to_w, to_h), interpolation=cv2.INTER_CUBIC)
        values = np.round(result.ravel().astype(np.float64), 4).tolist()
        yield {"seed": seed, "from": [w, h], "to": [to_w, to_h], "result": values}


def area_cases():
    # The alpha channel is set opaque: OpenCV does not weigh by it, ours does.
    for seed, (w, h, to_w, to_h) in enumerate([(23, 17, 9, 7), (60, 44, 20, 11), (33, 20, 32, 19)], 21):
        picture = noise(w, h, 4, seed)
        picture[..., 3] = 255
        result = cv2.resize(picture, (to_w, to_h), interpolation=cv2.INTER_AREA)
        yield {"seed": seed, "from": [w, h], "to": [to_w, to_h], "result": result.tobytes().hex()}


MAPS = [
    [[0.83, -0.31, 7.25], [0.31, 0.83, -3.5]],
    [[1.9, 0.4, -11.0], [-0.4, 1.9, 6.75]],
    [[-0.6, 0.71, 14.5], [-0.71, -0.6, 25.125]],
]


def warp_cases():
    for seed, matrix in enumerate(MAPS, 31):
        for border in ("constant", "replicate"):
            flags = cv2.BORDER_CONSTANT if border == "constant" else cv2.BORDER_REPLICATE
            picture = noise(29, 26, 4, seed)
            result = cv2.warpAffine(
                picture, np.array(matrix), (27, 24), flags=cv2.INTER_LINEAR, borderMode=flags,
                borderValue=(135, 133, 132, 40),
            )
            yield {"seed": seed, "from": [29, 26], "to": [27, 24], "matrix": matrix, "border": border,
                   "result": result.tobytes().hex()}


def plane_cases():
    for seed, matrix in enumerate(MAPS, 41):
        picture = noise(29, 26, 1, seed).astype(np.float32) / 255
        result = cv2.warpAffine(picture, np.array(matrix), (27, 24), flags=cv2.INTER_LINEAR,
                                borderMode=cv2.BORDER_CONSTANT, borderValue=0)
        values = np.round(result.ravel().astype(np.float64), 6).tolist()
        yield {"seed": seed, "from": [29, 26], "to": [27, 24], "matrix": matrix, "result": values}


def float_noise(w: int, h: int, seed: int) -> np.ndarray:
    return noise(w, h, 1, seed)[:, :, 0].astype(np.float32) / 255


def hex_of_floats(values: np.ndarray) -> str:
    return values.astype("<f4").tobytes().hex()


# Width, height, side of the kernel; 3 is also what an empty kernel means.
ERODE = [(23, 17, 1), (23, 17, 2), (19, 21, 3), (23, 17, 4), (31, 29, 7), (31, 29, 10), (13, 11, 40), (1, 14, 6)]


def erode_cases():
    for seed, (w, h, side) in enumerate(ERODE, 91):
        result = cv2.erode(float_noise(w, h, seed), np.ones((side, side), np.uint8))
        yield {"seed": seed, "from": [w, h], "side": side, "result": np.rint(result * 255).astype(np.uint8).tobytes().hex()}


# Width, height, size, sigma. 0 is chosen by OpenCV, from its tables up to 9. The last ones mirror more than once.
GAUSSIAN = [
    (7, 5, 1, 0), (11, 9, 3, 0), (13, 14, 5, 0), (17, 12, 7, 0), (15, 13, 9, 0), (19, 16, 11, 0), (18, 15, 7, 1.9),
    (31, 29, 27, 0), (13, 11, 41, 0), (1, 14, 13, 0),
]


def gaussian_cases():
    for seed, (w, h, size, sigma) in enumerate(GAUSSIAN, 111):
        result = cv2.GaussianBlur(float_noise(w, h, seed), (size, size), sigma)
        yield {"seed": seed, "from": [w, h], "size": size, "sigma": sigma, "result": hex_of_floats(result)}


def main() -> None:
    golden = {
        "opencv": cv2.__version__,
        "resize": list(exact_cases(cv2.INTER_LINEAR, RESIZE, 1)),
        "resizeArea": list(exact_cases(cv2.INTER_AREA, RESIZE_AREA, 51)),
        "resizeLanczos4": list(exact_cases(cv2.INTER_LANCZOS4, RESIZE_LANCZOS4, 71)),
        "cubic": list(cubic_cases()),
        "area": list(area_cases()),
        "warp": list(warp_cases()),
        "plane": list(plane_cases()),
        "erode": list(erode_cases()),
        "gaussian": list(gaussian_cases()),
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
