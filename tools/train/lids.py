"""An imitation of the closed lid over an open eye, so that nothing of the open one is left for the network to copy.

Skin over the eye is pulled down to a line on the lower lid's contour, skin under it up to that line; then the shading of the
eyeball, a fold, wrinkles and lashes are drawn. Every call draws another lid from the `random` generator.
"""
import cv2
import numpy as np

import iris
from eyes import Eye

# Of corner distances, ranges to draw from.
LINE_LIFT = (-0.02, 0.05)
SOURCE_UPPER, SOURCE_LOWER = (0.09, 0.16), (0.05, 0.09)
REACH_UP, REACH_DOWN = (0.26, 0.42), (0.16, 0.3)
LASH_LENGTH, LASH_WIDTH = (0.04, 0.2), (0.015, 0.055)
# Made-up eyes: the line is thicker and goes on beyond the temple's corner.
MADE_UP, LINER_WIDTH, WING = 0.2, (0.05, 0.1), (0.5, 0.66)
# Half of what is changed, across and down from the middle of the corners.
WINDOW = (0.85, 0.62)
# Beyond the corners the pull fades out within so much.
SIDE_FADE = 0.22
OVERSAMPLING = 2


def closed(picture: np.ndarray, eyes: dict, random: np.random.Generator) -> np.ndarray:
    """A copy of a picture (RGB, uint8) with both eyes shut, alike in kind, not in every line."""
    kind = {
        "lift": random.uniform(*LINE_LIFT), "upper": random.uniform(*SOURCE_UPPER), "lower": random.uniform(*SOURCE_LOWER),
        "up": random.uniform(*REACH_UP), "down": random.uniform(*REACH_DOWN), "lash": random.uniform(*LASH_LENGTH),
        "thick": random.uniform(*LASH_WIDTH), "wing": 0.48, "dark": random.uniform(0.4, 1) if random.random() < 0.85 else random.uniform(0.15, 0.4), "fold": random.uniform(0, 0.35) * (random.random() < 0.7),
        "bulge": random.uniform(0.02, 0.16), "wrinkles": int(random.integers(0, 7)) if random.random() < 0.4 else 0,
        "shadow": random.uniform(0, 0.3) * (random.random() < 0.3), "squeeze": random.uniform(0, 0.12) * (random.random() < 0.3),
    }
    if random.random() < MADE_UP:
        kind |= {"thick": random.uniform(*LINER_WIDTH), "wing": random.uniform(*WING), "dark": random.uniform(0.8, 1)}
    result = picture.copy()
    for eye in eyes.values():
        (x, y), w = eye.corners.mean(0), eye.width
        left, top = max(0, int(x - WINDOW[0] * w)), max(0, int(y - WINDOW[1] * w))
        part = result[top:int(y + WINDOW[1] * w), left:int(x + WINDOW[0] * w)]
        here = eye.moved(np.array([[1.0, 0, -left], [0, 1.0, -top]]))
        part[:] = np.clip(_close(part.astype(np.float32), here, x < picture.shape[1] / 2, kind, random), 0, 255)
    return result


def _close(picture: np.ndarray, eye: Eye, is_right: bool, kind: dict, random: np.random.Generator) -> np.ndarray:
    """A part of the picture (float32) with its one eye shut."""
    height, width = picture.shape[:2]
    w, frame = eye.width, iris.Frame.of(eye)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    uv = frame.to(np.stack([x + 0.5, y + 0.5], -1))
    u, v = uv[..., 0].astype(np.float32), uv[..., 1].astype(np.float32)
    upper, lower = iris.lid_lines(eye)(u)
    along = np.clip(1 - (np.abs(u) / w - 0.5) / SIDE_FADE, 0, 1)
    along = along * along * (3 - 2 * along)
    inner = np.sqrt(np.maximum(0, 1 - (2 * u / w) ** 2))
    sag = 0.03 * w * inner
    line = lower - (kind["lift"] + kind["squeeze"]) * w * inner + sag * random.uniform(-0.5, 1)
    brow = np.interp(u, *frame.to(eye.brow)[np.argsort(frame.to(eye.brow)[:, 0])].T)
    top = np.minimum(np.maximum(upper - kind["up"] * w, brow + 0.07 * w), upper - 0.13 * w)
    bottom = lower + kind["down"] * w
    lash_edge = np.maximum(upper - kind["upper"] * w * (0.4 + 0.6 * inner), top + 0.02 * w)
    cheek_edge = lower + kind["lower"] * w * (0.4 + 0.6 * inner)
    over = np.clip((v - top) / np.maximum(line - top, 1), 0, 1)
    under = np.clip((bottom - v) / np.maximum(bottom - line, 1), 0, 1)
    # The skin next to the lashes stretches most.
    source = np.where(v <= line, top + over ** random.uniform(1.0, 1.4) * (lash_edge - top), bottom + under * (cheek_edge - bottom))
    source = np.where((v < top) | (v > bottom), v, source)
    shift = (source - v) * along
    places = frame.back(np.stack([u, v + shift], -1)).astype(np.float32) - 0.5
    pulled = cv2.remap(picture, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    pulled = _smoothed(picture, pulled, eye, frame, u, v, line, along)
    shade = 1 + _shading(u / w, ((v - line) / w).astype(np.float32), kind, random) * along
    ink = _strokes(eye, frame, u[height // 2], line[height // 2], -1 if is_right else 1, kind, random, (width, height))
    grain = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 0.8) * random.uniform(0, 5)
    stretched = np.clip(np.abs(shift) / (0.1 * w), 0, 1)
    result = (pulled + (grain * stretched)[..., None]) * shade[..., None]
    dark = result.reshape(-1, 3).min(0) * 0.3 + 12
    return result + (ink * along)[..., None] * (dark - result)


def _smoothed(picture, pulled, eye: Eye, frame, u, v, line, along):
    """Lid skin has no stripes: within the lid the stretched pixels are averaged along it, and drawn to the skin's colour round it."""
    w = eye.width
    blurred = cv2.GaussianBlur(pulled, (0, 0), sigmaX=0.08 * w, sigmaY=0.03 * w)
    round_eye = (np.abs(u) < 0.6 * w) & (v > line + 0.15 * w) & (v < line + 0.32 * w)
    skin = np.median(picture[round_eye], axis=0) if round_eye.any() else pulled.mean((0, 1))
    within = np.exp(-0.5 * ((v - line + 0.1 * w) / (0.16 * w)) ** 2) * along
    lid = blurred + 0.35 * (skin - blurred)
    return pulled + (0.75 * within)[..., None] * (lid - pulled)


def _shading(t, below, kind: dict, random) -> np.ndarray:
    """Relative change of light: the ball under the lid, the fold over it, a shadow under the line."""
    ball = kind["bulge"] * np.exp(-((t - random.uniform(-0.15, 0.15)) ** 2) / 0.08 - (below + 0.13) ** 2 / 0.012)
    at = random.uniform(-0.3, -0.2) + 0.25 * t**2 * 2
    fold = -kind["fold"] * np.exp(-((below - at) ** 2) / (2 * 0.016**2)) * np.clip(1 - (1.7 * t) ** 4, 0, 1)
    hollow = -kind["bulge"] * np.exp(-((below - at) ** 2) / (2 * 0.06**2)) * np.clip(1 - (1.7 * t) ** 4, 0, 1)
    under = -0.6 * kind["bulge"] * np.exp(-((below - 0.05) ** 2) / (2 * 0.03**2)) * np.clip(1 - (1.9 * t) ** 4, 0, 1)
    tint = -kind["shadow"] * np.exp(-((below + 0.12) ** 2) / (2 * 0.1**2)) * np.clip(1 - (1.6 * t) ** 4, 0, 1)
    return ball + fold + hollow + under + tint


def _strokes(eye: Eye, frame, columns, heights, temple: int, kind: dict, random, size: tuple) -> np.ndarray:
    """Share of ink 0..1: wrinkles from the temple's corner, lashes below the line, the lash line."""
    w, big = eye.width, np.zeros((size[1] * OVERSAMPLING, size[0] * OVERSAMPLING), np.uint8)
    at = lambda t: np.interp(t * w, columns, heights)  # noqa: E731

    def draw(points: np.ndarray, thickness: float, value: float) -> None:
        places = (frame.back(points) * (OVERSAMPLING * 8)).astype(np.int32)
        cv2.polylines(big, [places], False, int(255 * value), max(1, round(thickness * w * OVERSAMPLING)), cv2.LINE_AA, 3)

    for _ in range(kind["wrinkles"]):
        s, rise = np.linspace(0, 1, 8), random.normal(0, 0.18)
        start = np.array([temple * random.uniform(0.25, 0.5), at(temple * 0.45) / w + random.uniform(-0.1, 0.08)])
        curve = start + np.stack([temple * s * random.uniform(0.1, 0.3), rise * s + 0.05 * s**2], -1)
        draw(curve * w, 0.012, random.uniform(0.08, 0.3))
    for place in random.uniform(-0.46, 0.46, int(random.integers(8, 56)) if kind["dark"] > 0.4 else 0):
        length = kind["lash"] * w * random.uniform(0.5, 1) * (1 + 0.6 * temple * place)
        lean = temple * length * (0.5 * (temple * place + 0.35) + random.normal(0, 0.12))
        s = np.linspace(0, 1, 5)
        curve = np.array([place * w, at(place)]) + np.stack([lean * s, length * (s - 0.25 * s**2)], -1)
        draw(curve, random.uniform(0.006, 0.016), kind["dark"] * random.uniform(0.3, 0.8))
    t = np.linspace(-0.48, kind["wing"], 25)
    rise = 0.35 * np.maximum(0, t - 0.46)
    draw(np.stack([temple * t * w, at(temple * t) - rise * w], -1), kind["thick"], kind["dark"] * random.uniform(0.6, 1))
    ink = cv2.resize(big, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return cv2.GaussianBlur(ink, (0, 0), random.uniform(0.4, 1.1))
