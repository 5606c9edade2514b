"""The app's open-eye mask: maskShape of src/pipeline/crop.ts, rasterised as src/pixels/mask.ts does."""
import numpy as np

from eyes import Eye

WIDTH, HEIGHT, RAISE, DILATE = 1.35, 0.7, 0.04, 0.12
# Beyond the grown ring, px, its distance is not asked for.
RING_REACH = 6


def depth(eye: Eye, width: int, height: int) -> np.ndarray:
    """Signed distance to the mask's edge in px [height, width], positive inside; far outside only its sign is meant."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    inside = _ellipse(eye, x, y)
    reach = DILATE * eye.width + RING_REACH
    (left, top), (right, bottom) = np.floor(eye.ring.min(0) - reach).astype(int), np.ceil(eye.ring.max(0) + reach).astype(int)
    near = (slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right)))
    if x[near].size:
        inside[near] = np.maximum(inside[near], DILATE * eye.width - _ring_distance(eye.ring, x[near], y[near]))
    return np.minimum(inside, _below(eye.brow, x, y))


def mask_of(inside: np.ndarray) -> np.ndarray:
    """0..1, edges smooth over one pixel, of depths."""
    return np.clip(inside + 0.5, 0, 1).astype(np.float32)


def soft_of(inside: np.ndarray, feather: float) -> np.ndarray:
    """Weight of new pixels: 0 at the mask's rim, 1 from `feather` px inwards, smoothstep between."""
    share = np.clip(inside / feather, 0, 1)
    return (share * share * (3 - 2 * share)).astype(np.float32)


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
    p, q = ring.astype(np.float32), np.roll(ring, 1, axis=0).astype(np.float32)
    nearest, inside = np.full(x.shape, np.inf, np.float32), np.zeros(x.shape, bool)
    for (px, py), (qx, qy) in zip(p, q):
        dx, dy = qx - px, qy - py
        squared = dx * dx + dy * dy
        t = np.clip(((x - px) * dx + (y - py) * dy) / squared, 0, 1) if squared > 0 else 0
        nearest = np.minimum(nearest, (x - px - t * dx) ** 2 + (y - py - t * dy) ** 2)
        if py != qy:
            inside ^= ((py > y) != (qy > y)) & (x < (qx - px) * (y - py) / (qy - py) + px)
    nearest = np.sqrt(nearest)
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
