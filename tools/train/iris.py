"""Iris and colours of an open eye: src/pixels/iris.ts and irisColour.ts in numpy (samples by OpenCV's bicubic)."""
from dataclasses import dataclass

import cv2
import numpy as np

from eyes import Eye

CENTRE_REACH, RADIUS_FROM, RADIUS_TO, STEP = 0.2, 0.85, 1.15, 0.05
ARC, ARC_SAMPLES, LEAST_CONTRAST, DISTANCE_COST = 0.8, 9, 10, 20
HALF_STEP = 0.12 * 0.223
SMALLEST_RADIUS, IRIS_FROM, IRIS_TO = 5, 0.5, 0.88
UNDER_UPPER_LID, OVER_LOWER_LID = 0.3, 0.12
IRIS_BAND, SCLERA_BAND = (0.2, 0.65), (0.55, 0.95)
SCLERA_FROM, SCLERA_TO, FEWEST_PIXELS, MOST_GREY_TINT, EYE_REACH = 1.2, 0.85, 8, 3, 3


@dataclass(frozen=True)
class Frame:
    """The corner line: u along it to image-right, v below it, px from its middle."""
    origin: np.ndarray
    along: np.ndarray
    width: float

    @staticmethod
    def of(eye: Eye) -> "Frame":
        first, last = eye.corners
        return Frame((first + last) / 2, (last - first) / eye.width, eye.width)

    def to(self, points: np.ndarray) -> np.ndarray:
        d = points - self.origin
        return np.stack([d @ self.along, d[..., 1] * self.along[0] - d[..., 0] * self.along[1]], -1)

    def back(self, uv: np.ndarray) -> np.ndarray:
        return self.origin + uv[..., :1] * self.along + uv[..., 1:] * np.array([-self.along[1], self.along[0]])


def lid_lines(eye: Eye):
    """Function of u: heights of the upper and the lower lid over the corner line, px."""
    ring = Frame.of(eye).to(eye.ring)
    upper, lower = ring[:9], np.vstack([ring[8:], ring[:1]])[::-1]
    return lambda u: (np.interp(u, *upper.T), np.interp(u, *lower.T))


def measure(picture: np.ndarray, eye: Eye) -> tuple:
    """Centre and radius in px, and whether the pixels show them; where not, the mesh's word."""
    luma = (picture.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32))
    frame, lids, r = Frame.of(eye), lid_lines(eye), eye.radius
    shifts = np.arange(-CENTRE_REACH, CENTRE_REACH + 1e-6, STEP) * r
    dy, dx, k = np.meshgrid(shifts, shifts, np.arange(RADIUS_FROM, RADIUS_TO + 1e-6, STEP), indexing="ij")
    dy, dx, k = dy.ravel(), dx.ravel(), k.ravel()
    centre = eye.iris + np.stack([dx, dy], -1)
    angles = ((np.arange(ARC_SAMPLES) + 0.5) / ARC_SAMPLES - 0.5) * 2 * ARC
    angles = np.concatenate([angles, angles + np.pi])
    ray = np.stack([np.cos(angles), np.sin(angles)], -1)
    half = HALF_STEP * frame.width
    uv = frame.to(centre[:, None] + ray * (k * r)[:, None, None])
    upper, lower = lids(uv[..., 0])
    free = (uv[..., 1] >= upper + half) & (uv[..., 1] <= lower - half)
    at = lambda radius: _sample(luma, centre[:, None] + ray * radius[:, None, None])  # noqa: E731
    steps = np.clip(at(k * r + half) - at(k * r - half), -20, 60)
    count = free.sum(1)
    contrast = np.where(count < ARC_SAMPLES / 2, -np.inf, (steps * free).sum(1) / np.maximum(count, 1))
    cost = np.abs(dy / r) + 0.5 * np.minimum(1, np.abs(dx / (CENTRE_REACH * r))) * CENTRE_REACH + 0.5 * np.abs(k - 1)
    score = contrast - DISTANCE_COST * cost
    best = int(np.argmax(score))
    if score[best] < LEAST_CONTRAST:
        return eye.iris, r, False
    return centre[best], float(k[best] * r), True


def colours(picture: np.ndarray, eye: Eye) -> tuple:
    """Iris and sclera as codes 0..255 [3], each None where it cannot be told."""
    centre, radius, _ = measure(picture, eye)
    if radius < SMALLEST_RADIUS:
        return None, None
    height, width = picture.shape[:2]
    places = np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), -1)
    radii = np.linalg.norm(places - centre, axis=-1) / radius
    near = picture[radii <= EYE_REACH].astype(float)
    if (near.max(1) - near.min(1)).mean() <= MOST_GREY_TINT:
        return None, None
    frame = Frame.of(eye)
    uv = frame.to(places)
    upper, lower = lid_lines(eye)(uv[..., 0])
    free = (uv[..., 1] > upper + UNDER_UPPER_LID * radius) & (uv[..., 1] < lower - OVER_LOWER_LID * radius)
    white = free & (radii >= SCLERA_FROM) & (np.abs(uv[..., 0]) < SCLERA_TO * frame.width / 2)
    iris = free & (radii >= IRIS_FROM) & (radii <= IRIS_TO)
    return _mean_light(picture[iris], IRIS_BAND), _mean_light(picture[white], SCLERA_BAND)


def light_of(codes: np.ndarray) -> np.ndarray:
    v = np.asarray(codes, float) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def code_of(light: np.ndarray) -> np.ndarray:
    light = np.maximum(light, 0)
    return 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def _mean_light(pixels: np.ndarray, band: tuple):
    if len(pixels) < FEWEST_PIXELS:
        return None
    lights = light_of(pixels)
    lights = lights[np.argsort(lights @ [0.2126, 0.7152, 0.0722], kind="stable")]
    kept = lights[int(band[0] * len(lights)):int(np.ceil(band[1] * len(lights)))]
    return code_of(kept.mean(0))


def _sample(luma: np.ndarray, places: np.ndarray) -> np.ndarray:
    x, y = (places[..., axis].astype(np.float32) - 0.5 for axis in (0, 1))
    return cv2.remap(luma, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
