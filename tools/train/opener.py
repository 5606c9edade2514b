"""The shipped network on faces as the app has them: what is fed, what is laid back. The app's worker does the same."""
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import augment
import eyes
import form
import mask
import pose
import strip
import vision
from network import STYLE

LUMA = np.array([0.299, 0.587, 0.114])
# Mean difference of the channels, codes, in a black-and-white photo (src/pixels/prefillEye.ts).
MOST_GREY_TINT = 3


@dataclass(frozen=True)
class Shut:
    """A face to open: strip and square of it, eyes in the strip, map from strip to square, turn of the head (yaw, pitch), eyes to open."""
    strip: np.ndarray
    face: np.ndarray
    eyes: dict
    to_face: np.ndarray
    yaw_pitch: np.ndarray
    sides: tuple = eyes.SIDES

    @staticmethod
    def of(photo: np.ndarray, points: np.ndarray, to_square: np.ndarray, sides: tuple = eyes.SIDES) -> "Shut":
        found = eyes.eyes_of(points)
        to_strip = strip.to_strip(eyes.corners_of(found))
        cut = strip.warp(photo, to_strip, (strip.WIDTH, strip.HEIGHT))
        to_face = strip.compose(strip.invert(to_strip), to_square)
        return Shut(cut, vision.face_of(photo, to_square), {side: eye.moved(to_strip) for side, eye in found.items()},
                    to_face, np.array(pose.yaw_pitch(points)), sides)


@dataclass(frozen=True)
class Wish:
    """None: the usual eye, looking at the camera; a colour that the network chooses."""
    form: np.ndarray | None = None
    colour: np.ndarray | None = None
    glint: np.ndarray | None = None
    openness: float = 1.0
    seed: int = 1
    hide: bool = False


class Opener:
    def __init__(self, path: Path):
        self._session = vision.session(path)

    def __call__(self, shut: Shut, wish: Wish) -> np.ndarray:
        """The strip with open eyes, RGB uint8 [80, 192, 3], the old one outside the mask's soft edge."""
        random = np.random.default_rng(wish.seed)
        style = np.concatenate([shut.yaw_pitch, random.normal(0, 1, STYLE - 2)]).astype(np.float32)
        noise = random.normal(0, 1, (1, 1, strip.HEIGHT, strip.WIDTH)).astype(np.float32)
        (out,) = self._session.run(None, {**feeds_of(shut, wish), "noise": noise, "style": style[None]})
        codes = np.clip(out[0].transpose(1, 2, 0) * 255, 0, 255)
        return lay(shut, codes @ LUMA[:, None].repeat(3, 1) if is_grey(shut.strip) else codes)


def feeds_of(shut: Shut, wish: Wish) -> dict:
    """What the network is fed beside the random numbers."""
    inside = depths_of(shut)
    hole = mask.mask_of(np.max(list(inside.values()), axis=0))
    picture = augment.hide(shut.strip, {side: shut.eyes[side] for side in inside}, inside) if wish.hide else shut.strip
    wished = form.to_camera(form.USUAL_FORM, shut.yaw_pitch[0], wish.openness) if wish.form is None else wish.form
    glint = form.USUAL_GLINT if wish.glint is None else wish.glint
    return {
        "picture": augment.planes(picture)[None], "mask": (hole * (1 if wish.hide else augment.LID_SHOWN))[None, None],
        "guide": form.guide(wished, eyes.corners_of(shut.eyes), wish.colour, glint, strip.WIDTH, strip.HEIGHT)[None],
        "context": augment.context(shut.face, hole, shut.to_face)[None],
    }


def is_grey(picture: np.ndarray) -> bool:
    """A photo without colours gets eyes without."""
    return float((picture.max(-1).astype(float) - picture.min(-1)).mean()) <= MOST_GREY_TINT


def depths_of(shut: Shut) -> dict:
    return {side: mask.depth(shut.eyes[side], strip.WIDTH, strip.HEIGHT) for side in shut.sides}


def hole_of(shut: Shut) -> np.ndarray:
    return mask.mask_of(np.max(list(depths_of(shut).values()), axis=0))


def soft_of(shut: Shut) -> np.ndarray:
    return mask.soft_of(np.max(list(depths_of(shut).values()), axis=0), augment.FEATHER * strip.EYE_WIDTH * strip.EYE_DISTANCE)


def lay(shut: Shut, over: np.ndarray) -> np.ndarray:
    """Codes of `over` in the strip, by the soft mask."""
    soft = soft_of(shut)[..., None]
    return np.rint(shut.strip + soft * (over - shut.strip)).astype(np.uint8)


def in_face(shut: Shut, finished: np.ndarray) -> np.ndarray:
    """The face's square with the finished strip in it."""
    size = (strip.FACE_SIDE, strip.FACE_SIDE)
    soft = strip.warp(soft_of(shut), shut.to_face, size, cv2.BORDER_CONSTANT).clip(0, 1)[..., None]
    over = strip.warp(finished, shut.to_face, size).astype(np.float32)
    return np.rint(shut.face + soft * (over - shut.face)).astype(np.uint8)


def shut_faces(photo: np.ndarray, detector: vision.Vision) -> list:
    """Faces of a photo (RGB) whose eyes the app's verdict calls closed, both."""
    found = []
    for box, roll in detector.faces(photo):
        points, presence, to_square = detector.trace(photo, box, roll)
        if set(eyes.verdicts(eyes.eyes_of(points), presence).values()) == {"closed"}:
            found.append(Shut.of(photo, points, to_square))
    return found
