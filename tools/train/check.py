"""Tests of what trains the eye opener: half a minute, no cache needed.

    python tools/train/check.py

The app's own TypeScript is the referee of the geometry (npx tsx app_numbers.ts), onnxruntime that of the frozen networks.
Photos of ../shared/photos are used when they are there.
"""
import json
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np
import torch

import augment
import export
import eyes
import form
import frozen
import iris
import lids
import losses
import mask
import network
import pose
import strip
import vision

PHOTO = vision.ROOT / "../shared/photos/open_01_astronaut.png"
MOST_MASK, MOST_CODES, MOST_LANDMARK = 2e-5, 4.0, 2e-3


def traced() -> tuple:
    """A photo's strip, mesh in its px, presence, and the photo's square with the map to it."""
    if not PHOTO.exists():
        print("no ../shared/photos: the checks that need a face are left out")
        return None
    photo, detector = cv2.imread(str(PHOTO))[:, :, ::-1], vision.Vision()
    (box, roll), *_ = detector.faces(photo)
    points, presence, to_square = detector.trace(photo, box, roll)
    to_strip = strip.to_strip(eyes.corners_of(eyes.eyes_of(points)))
    cut = strip.warp(photo, to_strip, (strip.WIDTH, strip.HEIGHT))
    return cut, strip.apply(to_strip, points), presence, vision.face_of(photo, to_square), strip.compose(strip.invert(to_strip), to_square)


def same_as_app(cut: np.ndarray, points: np.ndarray, presence: float) -> None:
    found = eyes.eyes_of(points)
    given = [{"points": points.tolist(), "presence": presence, "width": strip.WIDTH, "height": strip.HEIGHT, "rgb": cut.ravel().tolist()}]
    run = subprocess.run(["npx", "tsx", "tools/train/app_numbers.ts"], cwd=vision.ROOT, input=json.dumps(given), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (app,) = json.loads(run.stdout)
    for side, own_mask, state, colour in zip(eyes.SIDES, app["masks"], app["states"], app["irises"]):
        mine = np.clip(mask.depth(found[side], strip.WIDTH, strip.HEIGHT) + 0.5, 0, 1)
        assert np.abs(mine.ravel() - own_mask).max() < MOST_MASK, f"the {side} mask is not the app's"
        assert eyes.verdicts(found, presence)[side] == state, f"the {side} verdict is not the app's"
        told = iris.colours(cut, found[side])[0]
        assert np.abs(told - [colour["red"], colour["green"], colour["blue"]]).max() < MOST_CODES, f"{told} is not {colour}"
    assert np.allclose(pose.yaw_pitch(points), app["pose"]), "the pose is not the app's"


def corners_come_to_their_places() -> None:
    turned = strip.CORNERS @ (1.7 * np.array([[0.96, 0.28], [-0.28, 0.96]])) + [31.0, -12.5]
    assert np.allclose(strip.apply(strip.to_strip(turned), turned), strip.CORNERS)
    assert np.allclose(strip.apply(strip.invert(strip.to_strip(turned)), strip.CORNERS), turned)


def lids_leave_nothing_of_the_eye(cut: np.ndarray, points: np.ndarray) -> None:
    """Neither iris nor white shows through, and nothing is changed far from the eyes."""
    found = eyes.eyes_of(points)
    white = cut.copy()
    for eye in found.values():
        cv2.fillPoly(white, [np.rint(eye.ring).astype(np.int32)], (0, 255, 0))
    shut = lids.closed(white, found, np.random.default_rng(4))
    green = (shut[..., 1].astype(int) - shut[..., 0] > 40).sum()
    assert green == 0, f"{green} pixels of the eyes show"
    far = np.maximum(*(mask.depth(eye, strip.WIDTH, strip.HEIGHT) for eye in found.values())) < -25
    assert (shut[far] == white[far]).all()


def measured_forms_come_back() -> None:
    """An eye drawn by its guide is measured as what it was drawn with."""
    wished = np.array([0.24, 0.1, 0.09, 0.8, 0.21, 0.05, -0.08, 0.03])
    maps = form.guide(wished, strip.CORNERS, np.array([60.0, 40.0, 30.0]), np.zeros(3), strip.WIDTH, strip.HEIGHT)
    picture = 200 * maps[0] * (1 - maps[1]) + 160 * maps[0] * maps[1] + 150 * (1 - maps[0])
    t = np.linspace(-0.5, 0.5, 9)
    found = {}
    for side, sign, pair in (("right", -1, strip.CORNERS[:2]), ("left", 1, strip.CORNERS[2:])):
        width = pair[1, 0] - pair[0, 0]
        upper = np.stack([t, -wished[0] * form.openness(t) * (1 + wished[1] * sign * t)], -1)
        lower = np.stack([t, wished[2] * form.openness(t) * (1 + wished[3] * sign * t)], -1)[-2:0:-1]
        place = pair.mean(0) + width * np.array([sign * wished[5] + wished[7], wished[6]])
        found[side] = eyes.Eye(pair.mean(0) + width * np.vstack([upper, lower]), pair[[0, 0, 0, 1, 1]] - [0, 30], place + [1, 0.5], wished[4] * width)
    measured, _, sure = form.measure(np.repeat(picture[..., None], 3, -1).astype(np.uint8), found)
    assert sure and np.abs(measured - wished).max() < 0.02, measured


def pasting_puts_back(cut, points, face, to_face) -> None:
    """The strip laid into its own face is that face; the mesh's loss of it is that of its own error."""
    row = {"points": points, "to_face": to_face, "form": form.USUAL_FORM, "glint": form.USUAL_GLINT.copy(), "iris": np.full((2, 3), 90.0), "yaw_pitch": np.zeros(2)}
    wide = cv2.copyMakeBorder(cut, *[strip.MARGIN] * 4, cv2.BORDER_REPLICATE)
    sample = augment.sample(wide, face, row, np.random.default_rng(8))
    batch = {name: torch.from_numpy(np.stack([value])) for name, value in sample.items()}
    faces = batch["face"].permute(0, 3, 1, 2).float() / 255
    back = losses.paste(batch["target"], batch["soft"], faces, batch["to_face"])
    assert float((back - faces).abs().mean()) < 0.002
    loss = losses.MeshLoss()
    good, shut = float(loss(batch["target"], batch)), float(loss(batch["picture"], batch))
    assert good < 0.01 and shut > 4 * good, (good, shut)


def networks_go_to_onnx() -> None:
    torch.manual_seed(3)
    for name, kind in network.NETWORKS.items():
        candidate = kind().eval()
        for value in candidate.parameters():
            torch.nn.init.normal_(value, 0, 0.03)
        out = candidate(*network.example())
        assert out.shape == (1, 3, strip.HEIGHT, strip.WIDTH)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "network.onnx"
            export.export(candidate, path)
            difference = export.difference(candidate, path)
            assert difference < export.MOST_DIFFERENCE, f"{name}: {difference} codes"
            assert path.stat().st_size < export.MOST_MB * 1e6
        assert network.macs(candidate) < export.MOST_GMAC * 1e9


def main() -> None:
    cv2.setNumThreads(1)
    corners_come_to_their_places()
    measured_forms_come_back()
    assert frozen.same_as_onnx(frozen.mesh(), vision.FACES / "face_mesh_478.onnx", (1, 3, 256, 256), frozen.MESH_OUTPUTS) < MOST_LANDMARK
    networks_go_to_onnx()
    if face := traced():
        cut, points, presence, square, to_face = face
        same_as_app(cut, points, presence)
        lids_leave_nothing_of_the_eye(cut, points)
        pasting_puts_back(cut, points, square, to_face)
    print("all checks passed")


if __name__ == "__main__":
    main()
