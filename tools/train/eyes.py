"""Eyes in the 478-point mesh, their measures and verdicts: src/pipeline/landmarks.ts and verdict.ts in numpy."""
from dataclasses import dataclass

import numpy as np

import strip

RINGS = {
    "right": [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
    "left": [362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382],
}
IRISES = {"right": [468, 469, 470, 471, 472], "left": [473, 474, 475, 476, 477]}
BROWS = {"right": [46, 53, 52, 65, 55], "left": [285, 295, 282, 283, 276]}
NOSE_TIP, MOUTH = 1, (61, 291)
SIDES = ("right", "left")
# A ring seen in a mirror: again from the corner at image-left, upper lid first.
MIRRORED_RING = [8, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9]

# Settings of detection in src/core/config.ts, constants of verdict.ts.
CLOSED_AREA, UNSURE_AREA, CLOSED_RATIO, UNSURE_RATIO = 260, 330, 0.16, 0.22
CLOSED_ARCH, OPEN_ARCH = 0.07, 0.13
REFERENCE_EYE_DISTANCE = 125.92
SMALLEST_EYE_DISTANCE, BLURRED_EYE_DISTANCE, BLURRED_CLOSED_BELOW = 12, 24, -0.67
TURNED_WIDTH_RATIO, OPEN_FROM, LOWEST_PRESENCE = 1.6, 0.5, 0.5


@dataclass(frozen=True)
class Eye:
    """`ring` [16, 2] clockwise from the corner at image-left, upper lid first; `brow` [5, 2] from image-left; iris radius in px."""
    ring: np.ndarray
    brow: np.ndarray
    iris: np.ndarray
    radius: float

    @property
    def corners(self) -> np.ndarray:
        return self.ring[[0, 8]]

    @property
    def width(self) -> float:
        return float(np.linalg.norm(self.ring[8] - self.ring[0]))

    def moved(self, matrix: np.ndarray) -> "Eye":
        move = lambda points: strip.apply(matrix, points)  # noqa: E731
        return Eye(move(self.ring), move(self.brow), move(self.iris[None])[0], self.radius * strip.scale_of(matrix))

    def mirrored(self, width: float) -> "Eye":
        flip = lambda points: points * [-1, 1] + [width, 0]  # noqa: E731
        return Eye(flip(self.ring)[MIRRORED_RING], flip(self.brow)[::-1], flip(self.iris[None])[0], self.radius)


def eyes_of(points: np.ndarray) -> dict:
    """Both eyes of mesh points [478, 2]."""
    found = {}
    for side in SIDES:
        centre, *rim = points[IRISES[side]]
        radius = float(np.linalg.norm(np.array(rim) - centre, axis=1).mean())
        found[side] = Eye(points[RINGS[side]], points[BROWS[side]], centre, radius)
    return found


def corners_of(eyes: dict) -> np.ndarray:
    """The four corners from image-left to image-right, as strip.to_strip wants them."""
    return np.vstack([eyes["right"].corners, eyes["left"].corners])


def mirrored(eyes: dict, width: float) -> dict:
    return {"right": eyes["left"].mirrored(width), "left": eyes["right"].mirrored(width)}


def aspect_ratio(eye: Eye) -> float:
    ring = eye.ring
    return float((np.linalg.norm(ring[3] - ring[13]) + np.linalg.norm(ring[5] - ring[11])) / (2 * eye.width))


def lid_arch(eye: Eye) -> float:
    start, along = eye.ring[0], eye.ring[8] - eye.ring[0]
    over = eye.ring[3:6] - start
    return float((over[:, 0] * along[1] - over[:, 1] * along[0]).mean() / (along**2).sum())


def area(eye: Eye) -> float:
    x, y = eye.ring.T
    return float(abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2)


def votes(eyes: dict) -> dict:
    """Mean vote of a side's three measures: 0 at the closed limits, 1 at the open ones, -1 to 2. In px of the photo."""
    centres = [eye.corners.mean(0) for eye in eyes.values()]
    distance = np.linalg.norm(centres[0] - centres[1])

    def place(value: float, closed: float, wide: float) -> float:
        return float(np.clip((value - closed) / (wide - closed), -1, 2))

    def vote(eye: Eye) -> float:
        own = strip.EYE_WIDTH * REFERENCE_EYE_DISTANCE / eye.width
        size = area(eye) * min((REFERENCE_EYE_DISTANCE / distance) ** 2, own**2)
        return (place(size, CLOSED_AREA, UNSURE_AREA) + place(aspect_ratio(eye), CLOSED_RATIO, UNSURE_RATIO)
                + place(lid_arch(eye), CLOSED_ARCH, OPEN_ARCH)) / 3

    return {side: vote(eye) for side, eye in eyes.items()}


def verdicts(eyes: dict, presence: float) -> dict:
    """'open', 'closed' or 'unsure' of a side, by the mesh alone."""
    distance = np.linalg.norm(eyes["right"].corners.mean(0) - eyes["left"].corners.mean(0))
    closed_below = BLURRED_CLOSED_BELOW if distance < BLURRED_EYE_DISTANCE else 0

    def judge(side: str, vote: float) -> str:
        other = eyes["left" if side == "right" else "right"]
        turned = other.width > TURNED_WIDTH_RATIO * eyes[side].width
        if presence < LOWEST_PRESENCE or distance < SMALLEST_EYE_DISTANCE or turned:
            return "unsure"
        return "closed" if vote < closed_below else "open" if vote >= OPEN_FROM else "unsure"

    return {side: judge(side, vote) for side, vote in votes(eyes).items()}
