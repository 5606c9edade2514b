"""The app's open-eye mask: maskShape of src/pipeline/crop.ts, rasterised as src/pixels/mask.ts does."""
import numpy as np

from eyes import Eye

WIDTH, HEIGHT, RAISE, DILATE = 1.35, 0.7, 0.04, 0.12


def depth(eye: Eye, width: int, height: int) -> np.ndarray:
    """Signed distance to the mask's edge in px [height, width], positive inside."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    return np.minimum(np.maximum(_ellipse(eye, x, y), DILATE * eye.width - _ring_distance(eye.ring, x, y)), _below(eye.brow, x, y))


def mask_of(eyes: dict, width: int, height: int) -> np.ndarray:
    """Both eyes' masks in one, 0..1, float32."""
    return np.clip(np.maximum(*(depth(eye, width, height) for eye in eyes.values())) + 0.5, 0, 1).astype(np.float32)


def soft_of(eyes: dict, width: int, height: int, feather: float) -> np.ndarray:
    """Weight of new pixels: 0 at the mask's rim, 1 from `feather` px inwards, smoothstep between."""
    inside = np.clip(np.maximum(*(depth(eye, width, height) for eye in eyes.values())) / feather, 0, 1)
    return (inside * inside * (3 - 2 * inside)).astype(np.float32)


def closed_ring(eye: Eye, lift: float = 0.0) -> Eye:
    """The eye as its mesh would look shut: the upper lid on the lower one, `lift` (0..1) of the way up."""
    ring = eye.ring.copy()
    upper, lower = ring[1:8], ring[:8:-1]
    line = lower + lift * (upper - lower)
    ring[1:8], ring[:8:-1] = line, lower + 0.5 * lift * (upper - lower)
    return Eye(ring, eye.brow, eye.iris, eye.radius)


def _ellipse(eye: Eye, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    (x0, y0), (x1, y1) = eye.corners
    width = eye.width
    cos, sin = (x1 - x0) / width, (y1 - y0) / width
    dx = x - ((x0 + x1) / 2 + sin * RAISE * width)
    dy = y - ((y0 + y1) / 2 - cos * RAISE * width)
    half_width, half_height = WIDTH * width / 2, HEIGHT * width / 2
    u, v = (cos * dx + sin * dy) / half_width, (-sin * dx + cos * dy) / half_height
    radius = np.maximum(np.hypot(u, v), 1e-6)
    return (1 - radius) * radius / np.maximum(np.hypot(u / half_width, v / half_height), 1e-9)


def _ring_distance(ring: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distance to a closed polygon, negative inside (even-odd)."""
    p, q = ring, np.roll(ring, 1, axis=0)
    nearest, inside = np.full(x.shape, np.inf), np.zeros(x.shape, bool)
    for (px, py), (qx, qy) in zip(p, q):
        dx, dy = qx - px, qy - py
        squared = dx * dx + dy * dy
        t = np.clip(((x - px) * dx + (y - py) * dy) / squared, 0, 1) if squared > 0 else 0
        nearest = np.minimum(nearest, np.hypot(x - px - t * dx, y - py - t * dy))
        if py != qy:
            inside ^= ((py > y) != (qy > y)) & (x < (qx - px) * (y - py) / (qy - py) + px)
    return np.where(inside, -nearest, nearest)


def _below(line: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distance below a line that runs from image-left to image-right; its ends go on level."""
    result = y - line[-1, 1]
    for (px, py), (qx, qy) in reversed(list(zip(line[:-1], line[1:]))):
        if qx <= px:
            continue
        slope = (qy - py) / (qx - px)
        result = np.where(x <= qx, (y - py - slope * (x - px)) / np.hypot(1, slope), result)
    return np.where(x <= line[0, 0], y - line[0, 1], result)
