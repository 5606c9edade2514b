"""Geometry of the eye strip: the one place for its numbers. The app repeats them to run the network.

Places are px from the outer corner of the top-left pixel, a pixel's centre is at +0.5 (as everywhere in the app). Maps are
2x3 arrays. Left and right are the subject's own: the right eye lies at image-left.
"""
import cv2
import numpy as np

WIDTH, HEIGHT = 192, 80
# The crops of ../shared/faces have 40 to 88 px from eye to eye: more px here would only be enlargement.
EYE_DISTANCE = 96.0
# Room for the brow above, less for the cheek below.
EYE_LINE = 44.0
# Corner distance of an eye in eye distances on the mean face (src/pipeline/verdict.ts, EYE_WIDTH).
EYE_WIDTH = 0.4384
_HALF = EYE_WIDTH * EYE_DISTANCE / 2
_RIGHT, _LEFT = (WIDTH - EYE_DISTANCE) / 2, (WIDTH + EYE_DISTANCE) / 2
# Outer and inner corner of the right eye, inner and outer corner of the left: image-left to image-right.
CORNERS = np.array([[_RIGHT - _HALF, EYE_LINE], [_RIGHT + _HALF, EYE_LINE],
                    [_LEFT - _HALF, EYE_LINE], [_LEFT + _HALF, EYE_LINE]])
# Windows on one eye each, x from and to; the left one is looked at mirrored, so that the temple is always at image-left.
WINDOW_TOP, WINDOW_HEIGHT, WINDOW_WIDTH = 8, 64, 80
RIGHT_WINDOW, LEFT_WINDOW = 8, WIDTH - 8 - WINDOW_WIDTH
# Cached strips are larger on all sides, so that augmented ones have pixels there.
MARGIN = 16
CONTEXT_SIDE = 48
FACE_SIDE = 256


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least-squares similarity of points [n, 2] (src/core/geometry.ts). ValueError when the source points coincide."""
    p, q = source - source.mean(0), target - target.mean(0)
    spread = (p**2).sum()
    if not spread > 0:
        raise ValueError("similarity needs points that differ")
    a, c = (p * q).sum() / spread, (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / spread
    turn = np.array([[a, -c], [c, a]])
    return np.hstack([turn, (target.mean(0) - turn @ source.mean(0))[:, None]])


def apply(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    return points @ matrix[:, :2].T + matrix[:, 2]


def invert(matrix: np.ndarray) -> np.ndarray:
    turn = np.linalg.inv(matrix[:, :2])
    return np.hstack([turn, -(turn @ matrix[:, 2])[:, None]])


def compose(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The map that does `first`, then `second`."""
    return np.hstack([second[:, :2] @ first[:, :2], (second[:, :2] @ first[:, 2] + second[:, 2])[:, None]])


def scale_of(matrix: np.ndarray) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))


def to_strip(corners: np.ndarray) -> np.ndarray:
    """Map to the strip of the four eye corners [4, 2], in the order of CORNERS. Nothing else of the face moves it."""
    return similarity(corners, CORNERS)


def warp(picture: np.ndarray, matrix: np.ndarray, size: tuple, border=cv2.BORDER_REPLICATE) -> np.ndarray:
    """Picture [h, w, c] or [h, w] under `matrix` in (width, height) px; averaged over areas where it shrinks."""
    scale = scale_of(matrix)
    if scale < 0.6:
        height, width = picture.shape[:2]
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
        matrix = matrix @ np.diag([width / small[0], height / small[1], 1.0])
    centred = matrix.copy()
    centred[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5
    return cv2.warpAffine(picture, centred, size, flags=cv2.INTER_CUBIC, borderMode=border)

