"""The open eye that is wished for, as a few numbers that both eyes share, and as maps that guide the network.

FORM, lengths in corner distances: heights of the lids (upper, lower) and how much more they open to the temple, radius of
the iris, its place to the temple and below the corner line, and its turn to image-right that both irises share. The lids'
curve is that of src/pixels/eyeForm.ts, so that the app can draw the same maps.
GLINT: place of the catchlight in iris radii to image-right and below the iris' centre, and strength 0..1.
"""
import cv2
import numpy as np

import iris
from eyes import SIDES, Eye

FORM = ("upper", "upper_slant", "lower", "lower_slant", "radius", "temple", "below", "turn")
# Medians of eyeForm.ts; the turn is 0 when the face and the eyes look at the camera.
USUAL_FORM = np.array([0.22, 0.25, 0.088, 1.2, 0.22, 0.065, -0.077, 0.0])
# Iris against the head's turn, corner distances per rad of yaw (src/pixels/eyeForm.ts).
TURN_BACK, MOST_TURN_BACK = 0.2, 0.14
USUAL_GLINT = np.array([-0.28, -0.3, 0.6])
LID_ROUND = 0.87
LID_EDGE, DISC_EDGE, GLINT_RADIUS = 0.02, 0.1, 0.17
# Opening, iris disc, the disc in its colour (3, black: not known), glint.
GUIDE_CHANNELS = 6
_GRID = 21
_REACH = 0.6


def openness(t: np.ndarray) -> np.ndarray:
    """1 in the middle, 0 from the corners (t = -0.5, 0.5) outwards."""
    return np.maximum(0, 1 - (2 * t) ** 2) ** LID_ROUND


def measure(picture: np.ndarray, eyes: dict) -> tuple:
    """FORM, GLINT and whether the pixels show both irises, of open eyes in a picture (RGB)."""
    lids = {"upper": ([], []), "lower": ([], [])}
    centres, radii, sure = {}, [], True
    for side in SIDES:
        eye, sign = eyes[side], 1 if side == "left" else -1
        frame = iris.Frame.of(eye)
        ring = frame.to(eye.ring) / frame.width
        for name, part, direction in (("upper", ring[1:8], -1), ("lower", ring[9:], 1)):
            t = ring_t = sign * part[:, 0]
            base = openness(ring_t)
            lids[name][0].append(np.stack([base, base * t], -1))
            lids[name][1].append(direction * part[:, 1])
        centre, radius, shown = iris.measure(picture, eye)
        centres[side] = (frame.to(centre) / frame.width, centre, radius)
        radii.append(radius / frame.width)
        sure &= shown
    fits = {name: np.linalg.lstsq(np.vstack(a), np.concatenate(b), rcond=None)[0] for name, (a, b) in lids.items()}
    (right, _, _), (left, _, _) = centres["right"], centres["left"]
    slant = lambda fit: fit[1] / max(fit[0], 0.02)  # noqa: E731
    form = np.array([fits["upper"][0], slant(fits["upper"]), fits["lower"][0], slant(fits["lower"]), np.mean(radii),
                     (left[0] - right[0]) / 2, (left[1] + right[1]) / 2, (left[0] + right[0]) / 2])
    return form, _glint(picture, eyes, centres), sure


def guide(form: np.ndarray, corners: np.ndarray, colour, glint: np.ndarray, width: int, height: int) -> np.ndarray:
    """Maps [6, height, width], 0..1, of eyes between corners [4, 2] (px, image-left to image-right). `colour`: codes or None."""
    maps = np.zeros((GUIDE_CHANNELS, height, width), np.float32)
    places = np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), -1)
    for sign, pair in ((-1, corners[:2]), (1, corners[2:])):
        size = float(np.linalg.norm(pair[1] - pair[0]))
        frame = iris.Frame(pair.mean(0), (pair[1] - pair[0]) / size, size)
        u, v = np.moveaxis((frame.to(places) / size).astype(np.float32), -1, 0)
        base = openness(u)
        upper = -form[0] * base * (1 + form[1] * sign * u)
        lower = form[2] * base * (1 + form[3] * sign * u)
        opening = np.where(base > 0, _step(np.minimum(v - upper, lower - v) / LID_EDGE), 0)
        iu, iv = (u - sign * form[5] - form[7]) / form[4], (v - form[6]) / form[4]
        disc = _step((1 - np.hypot(iu, iv)) / DISC_EDGE)
        spot = glint[2] * np.exp(-0.5 * ((iu - glint[0]) ** 2 + (iv - glint[1]) ** 2) / GLINT_RADIUS**2)
        maps[0] = np.maximum(maps[0], opening)
        maps[1] = np.maximum(maps[1], disc)
        maps[5] = np.maximum(maps[5], spot * disc)
    if colour is not None:
        maps[2:5] = maps[1] * (np.asarray(colour, np.float32) / 255)[:, None, None]
    return maps


def to_camera(form: np.ndarray, yaw: float, openness_factor: float = 1.0) -> np.ndarray:
    """The form looking at the camera with a head turned by `yaw` rad, its upper lid opened so much further."""
    turned = form.copy()
    turned[7] = np.clip(-TURN_BACK * yaw, -MOST_TURN_BACK, MOST_TURN_BACK)
    turned[0] *= openness_factor
    return turned


def _step(depth: np.ndarray) -> np.ndarray:
    t = np.clip(0.5 + depth / 2, 0, 1)
    return t * t * (3 - 2 * t)


def _glint(picture: np.ndarray, eyes: dict, centres: dict) -> np.ndarray:
    """The brightest spot that both irises share."""
    grid = np.stack(np.meshgrid(*[np.linspace(-_REACH, _REACH, _GRID)] * 2), -1)
    luma = picture.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    total = np.zeros((_GRID, _GRID))
    for side in SIDES:
        _, centre, radius = centres[side]
        places = centre + grid * radius
        frame = iris.Frame.of(eyes[side])
        uv = frame.to(places)
        upper, lower = iris.lid_lines(eyes[side])(uv[..., 0])
        inside = (uv[..., 1] > upper + 0.12 * radius) & (uv[..., 1] < lower - 0.12 * radius)
        x, y = (places[..., axis].astype(np.float32) - 0.5 for axis in (0, 1))
        shown = cv2.remap(luma, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        dark = np.median(shown[inside]) if inside.any() else 0
        total += np.where(inside & (np.linalg.norm(grid, axis=-1) < _REACH), shown - dark, 0) / 2
    total = cv2.GaussianBlur(total, (3, 3), 0)
    at = np.unravel_index(int(np.argmax(total)), total.shape)
    return np.array([*grid[at], np.clip(total[at] / 150, 0, 1)])
