"""What the network has to beat: the mean eye, and the nearest training eye pasted."""
import cv2
import numpy as np

import mask
import opener
import strip

BAND = 6
SMALL = (48, 20)


class Baselines:
    """Of aligned training strips [n, 80, 192, 3] (uint8)."""

    def __init__(self, strips: np.ndarray):
        self.strips, self.mean = strips, strips.astype(np.float32).mean(0)
        self.small = np.stack([cv2.resize(s, SMALL, interpolation=cv2.INTER_AREA) for s in strips]).astype(np.float32)

    def mean_eye(self, shut: opener.Shut) -> np.ndarray:
        return opener.lay(shut, matched(self.mean, shut))

    def nearest(self, shut: opener.Shut) -> np.ndarray:
        """The training strip that is most alike outside the mask, mirrored ones too."""
        outside = 1 - cv2.resize(opener.hole_of(shut), SMALL, interpolation=cv2.INTER_AREA)[..., None]
        wanted = cv2.resize(shut.strip, SMALL, interpolation=cv2.INTER_AREA).astype(np.float32)
        distances = [(((small - wanted) * outside) ** 2).sum((1, 2, 3)) for small in (self.small, self.small[:, :, ::-1])]
        which = int(np.argmin([d.min() for d in distances]))
        found = self.strips[int(distances[which].argmin())]
        return opener.lay(shut, matched((found[:, ::-1] if which else found).astype(np.float32), shut))


def matched(over: np.ndarray, shut: opener.Shut) -> np.ndarray:
    """Each eye with the gain per channel that makes the skin round its mask the face's."""
    result = over.copy()
    for side, eye in shut.eyes.items():
        inside = mask.depth(eye, strip.WIDTH, strip.HEIGHT)
        band = (inside < 0) & (inside > -BAND)
        gain = shut.strip[band].mean(0) / np.maximum(over[band].mean(0), 1)
        half = slice(0, strip.WIDTH // 2) if side == "right" else slice(strip.WIDTH // 2, None)
        result[:, half] = over[:, half] * gain
    return np.clip(result, 0, 255)
