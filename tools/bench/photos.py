"""Test photos of given sizes, enlarged from one photo with a wink, with grain as cameras leave it.

    python tools/bench/photos.py SOURCE FOLDER 2 12 24 48
"""

import sys
from pathlib import Path

import cv2
import numpy as np

GRAIN = 6.0  # standard deviation, of 255
JPEG_QUALITY = 92
SEED = 7


def enlarged(picture: np.ndarray, megapixels: float) -> np.ndarray:
    height, width = picture.shape[:2]
    scale = (megapixels * 1e6 / (width * height)) ** 0.5
    size = (round(width * scale), round(height * scale))
    large = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    # One patch of grain, repeated: full-size noise would take longer than the bench.
    patch = np.random.default_rng(SEED).normal(0, GRAIN, (512, 512, 3))
    tiles = (-(-size[1] // 512), -(-size[0] // 512), 1)
    grain = np.tile(patch.astype(np.int8), tiles)[: size[1], : size[0]]
    return np.clip(large.astype(np.int16) + grain, 0, 255).astype(np.uint8)


def main() -> None:
    source, folder, *sizes = sys.argv[1:]
    picture = cv2.imread(source)
    for size in sizes:
        path = Path(folder) / f"{size}mp.jpg"
        cv2.imwrite(str(path), enlarged(picture, float(size)), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


if __name__ == "__main__":
    main()
