"""One training sample: an open-eyed strip, and what the network would get of that face with its eyes shut."""
from pathlib import Path

import cv2
import numpy as np

import eyes
import form
import lids
import mask
import strip

# Of corner distances: how far off the app's corners of a closed eye are, and the feather of what is pasted.
CORNER_JITTER, FEATHER = 0.025, 0.12
# Lengths in corner distances, slants by themselves.
FORM_JITTER = np.array([0.008, 0.06, 0.006, 0.15, 0.006, 0.006, 0.008, 0.008])
SHIFT, TURN, ZOOM = 1.5, 0.03, 0.04
COLOUR_JITTER = 5.0
# Shares of samples: eyes hidden by flat skin instead of a lid, one eye shut only, iris colour not told, catchlight not told, grey.
HIDDEN, ONE_EYE, NO_COLOUR, NO_GLINT, GREY = 0.5, 0.15, 0.25, 0.2, 0.05
# Value of the mask channel where a lid is shown; 1 where flat skin hides it.
LID_SHOWN = 0.5
LANDMARKS = [index for side in eyes.SIDES for index in (*eyes.RINGS[side], eyes.IRISES[side][0])]
BAND = 0.12


def sample(cut: np.ndarray, face: np.ndarray, row: dict, random: np.random.Generator) -> dict:
    """Planes as float32 0..1: `picture`, `target` [3, 80, 192], `mask`, `soft` [1, ...], `guide` [6, ...], `context` [4, 48, 48];
    `pose` [2] rad, `face` [256, 256, 3] uint8, `to_face` [2, 3] from strip px to its px, `landmarks` [34, 2] there."""
    found, to_face = eyes.eyes_of(row["points"].astype(float)), row["to_face"]
    measured, glint, colour, turned = row["form"].copy(), row["glint"].copy(), _colour(row, random), row["yaw_pitch"].copy()
    if random.random() < 0.5:
        cut, face, found, to_face = _mirrored(cut, face, found, to_face)
        measured[7], glint[0], turned[0] = -measured[7], -glint[0], -turned[0]
    seen = eyes.corners_of(found)
    seen = seen + random.normal(0, CORNER_JITTER * strip.EYE_WIDTH * strip.EYE_DISTANCE, seen.shape)
    move = strip.compose(strip.to_strip(seen), _shake(random))
    target = strip.warp(cut, strip.compose(np.array([[1.0, 0, -strip.MARGIN], [0, 1.0, -strip.MARGIN]]), move), (strip.WIDTH, strip.HEIGHT))
    found = {side: eye.moved(move) for side, eye in found.items()}
    seen, to_face = strip.apply(move, seen), strip.compose(strip.invert(move), to_face)
    table = _light(random)
    target, face = _lit(target, table), _lit(face, table)
    if colour is not None:
        colour = np.array([np.interp(value, np.arange(256), table[:, c]) for c, value in enumerate(colour)])
    if random.random() < GREY:
        target, face, colour = (None if p is None else _grey(p) for p in (target, face, colour))
    shut = {side: _with_corners(mask.closed_ring(eye, random.uniform(0, 0.25)), pair)
            for (side, eye), pair in zip(found.items(), (seen[:2], seen[2:]))}
    if random.random() < ONE_EYE:
        del shut[eyes.SIDES[random.integers(2)]]
    inside = {side: mask.depth(eye, strip.WIDTH, strip.HEIGHT) for side, eye in shut.items()}
    deepest = np.max(list(inside.values()), axis=0)
    hole, soft = mask.mask_of(deepest), mask.soft_of(deepest, FEATHER * strip.EYE_WIDTH * strip.EYE_DISTANCE)
    picture = degraded(lids.closed(target, {side: found[side] for side in shut}, random), random)
    if hidden := random.random() < HIDDEN:
        picture = hide(picture, shut, inside)
    wished = measured + random.normal(0, 1, len(measured)) * FORM_JITTER
    if random.random() < NO_GLINT:
        glint[2] = 0
    return {
        "picture": planes(picture), "target": planes(target), "mask": (hole * (1 if hidden else LID_SHOWN))[None], "soft": soft[None],
        "guide": form.guide(wished, seen, colour, glint, strip.WIDTH, strip.HEIGHT), "context": context(face, hole, to_face),
        "pose": turned.astype(np.float32), "face": np.ascontiguousarray(face), "to_face": to_face.astype(np.float32),
        "landmarks": strip.apply(to_face, landmarks_of(found)).astype(np.float32),
    }


def landmarks_of(found: dict) -> np.ndarray:
    """Ring and iris centre of the right eye, then of the left: LANDMARKS' places of the mesh."""
    return np.vstack([np.vstack([found[side].ring, found[side].iris]) for side in eyes.SIDES])


def planes(picture: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32) / 255


def hide(picture: np.ndarray, shut: dict, depths: dict) -> np.ndarray:
    """Flat skin, the mean of a band round each mask (src/pixels/prefillSkin.ts), under the masks."""
    result = picture.astype(np.float32)
    for side, eye in shut.items():
        inside = depths[side]
        band = (inside < -0.5) & (inside > -max(2, BAND * mask.WIDTH * eye.width / 2))
        share = np.clip(inside + 0.5, 0, 1)[..., None]
        result += share * (picture[band].mean(0) - result)
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


def context(face: np.ndarray, hole: np.ndarray, to_face: np.ndarray) -> np.ndarray:
    """The face [256, 256, 3] in small, black where the eyes are to come, and where that is: [4, 48, 48], 0..1."""
    size = (strip.FACE_SIDE, strip.FACE_SIDE)
    over = strip.warp(hole, to_face, size, cv2.BORDER_CONSTANT).clip(0, 1)
    rest = np.dstack([face.astype(np.float32) / 255 * (1 - over[..., None]), over])
    return cv2.resize(rest, (strip.CONTEXT_SIDE,) * 2, interpolation=cv2.INTER_AREA).transpose(2, 0, 1).astype(np.float32)


def degraded(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """As poorer cameras, enlargements and files have it. Only the network's input: it answers with a clean eye."""
    height, width = picture.shape[:2]
    if random.random() < 0.45:
        scale = random.uniform(0.35, 0.95)
        small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
        picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    if random.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.3, 1.5))
    if random.random() < 0.5:
        grain = random.normal(0, random.uniform(1, 9), (height, width, 1)) + random.normal(0, random.uniform(0, 4), (height, width, 3))
        grain = cv2.GaussianBlur(grain, (0, 0), random.uniform(0.3, 0.9)) * 1.5
        picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
    if random.random() < 0.4:
        quality = int(random.integers(35, 92))
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    return picture


def _colour(row: dict, random: np.random.Generator):
    told = row["iris"][~np.isnan(row["iris"]).any(1)]
    if not len(told) or random.random() < NO_COLOUR:
        return None
    return np.clip(told.mean(0) + random.normal(0, COLOUR_JITTER, 3), 1, 255)


def _mirrored(cut: np.ndarray, face: np.ndarray, found: dict, to_face: np.ndarray) -> tuple:
    flip_strip = np.array([[-1.0, 0, strip.WIDTH], [0, 1.0, 0]])
    flip_face = np.array([[-1.0, 0, strip.FACE_SIDE], [0, 1.0, 0]])
    to_face = strip.compose(strip.compose(flip_strip, to_face), flip_face)
    return cut[:, ::-1], face[:, ::-1], eyes.mirrored(found, strip.WIDTH), to_face


def _shake(random: np.random.Generator) -> np.ndarray:
    middle, angle, zoom = np.array([strip.WIDTH / 2, strip.EYE_LINE]), random.normal(0, TURN), 1 + random.normal(0, ZOOM)
    turn = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.hstack([turn, (middle + random.normal(0, SHIFT, 2) - turn @ middle)[:, None]])


def _with_corners(eye: eyes.Eye, pair: np.ndarray) -> eyes.Eye:
    """The ring carried to corners that were seen elsewhere."""
    return eyes.Eye(strip.apply(strip.similarity(eye.corners, pair), eye.ring), eye.brow, eye.iris, eye.radius)


def _light(random: np.random.Generator) -> np.ndarray:
    """Table of codes [256, 3]: exposure, contrast, tint."""
    codes = np.arange(256)[:, None] / 255
    gain, gamma = np.exp(random.normal(0, 0.15)), np.exp(random.normal(0, 0.15))
    tint = np.exp(random.normal(0, 0.04, 3))
    return np.clip(255 * gain * tint * codes**gamma, 0, 255)


def _lit(picture: np.ndarray, table: np.ndarray) -> np.ndarray:
    rounded = np.rint(table).astype(np.uint8)
    return np.dstack([cv2.LUT(np.ascontiguousarray(picture[..., c]), rounded[:, c]) for c in range(3)])


def _grey(picture: np.ndarray) -> np.ndarray:
    luma = picture @ np.array([0.299, 0.587, 0.114])
    return np.repeat(luma[..., None], 3, -1).astype(picture.dtype)


def load(cache: Path) -> tuple:
    """Strips, faces (both mapped from the disk) and the table of dataset.py."""
    if not (cache / "table.npz").exists():
        raise SystemExit(f"{cache.name} holds no table.npz: run dataset.py first")
    table = np.load(cache / "table.npz")
    return np.load(cache / "strips.npy", mmap_mode="r"), np.load(cache / "faces.npy", mmap_mode="r"), {k: table[k] for k in table.files}
