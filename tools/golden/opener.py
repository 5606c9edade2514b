"""What tools/train's own code feeds the built-in network, and its answer: test/golden/opener.json, test/twins/opener/open_eyes.onnx.

    python3 -m venv VENV && VENV/bin/pip install -r tools/train/requirements.txt
    VENV/bin/python tools/golden/opener.py

Photos are waves that the test repeats, meshes are laid on them; the network is the shipped one's class in small with seeded weights,
through the same export. Stored are every `EVERY`-th value of what is fed and answered, 0..1 as 16 bits, big end first, and the
sum of all values.
"""
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from noise import noise

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/train"))
import export  # noqa: E402
import eyes  # noqa: E402
import opener  # noqa: E402
import pose  # noqa: E402
import strip  # noqa: E402
import vision  # noqa: E402
from network import STYLE, UNet  # noqa: E402

OUT = ROOT / "test/golden/opener.json"
TWIN = ROOT / "test/twins/opener/open_eyes.onnx"
# Meets every row and column of every plane.
EVERY = 67
WIDTHS, FEATURES, WEIGHT_SEED = (4, 6, 8, 8), 8, 5
# Nearly no value of the twin's answer leaves 0..1, and every input moves it.
OUT_SPREAD, LEAST_MOVED_CODES, MOST_CLIPPED = 0.016, 0.2, 0.02
# By how much, along which axis, when the twin is asked whether it sees that: the face is seen as a whole, by its colours.
MOVED = {"context": (1, 1)}
SHUT = 0.02


@dataclass(frozen=True)
class Case:
    """`cm`: px of the photo in a cm of the head; turns in rad; `centre`: of the head in the photo; `colour`: codes of the iris, if told; `lid`: "shown" or "hidden"."""
    name: str
    size: tuple
    centre: tuple
    cm: float
    yaw: float
    pitch: float
    roll: float
    seed: int
    sides: tuple = eyes.SIDES
    colour: tuple | None = None
    openness: float = 1.0
    lid: str = "shown"


# As large as the faces' squares: training sees black beyond a photo's rim, the app repeats the rim.
CASES = [
    Case("both shut", (521, 509), (257.25, 255.5), 15.1, 0.02, -0.03, 0.0, 11, colour=(71, 66, 52), lid="hidden"),
    Case("told, head turned", (397, 389), (199.5, 193.75), 11.3, 0.41, -0.16, 0.23, 13, colour=(61, 87, 120), openness=1.15),
    Case("right eye shut, smaller", (821, 811), (407.5, 404.25), 23.4, -0.07, 0.18, -0.12, 17, sides=("right",), colour=(83, 97, 101)),
    Case("left eye shut, told", (463, 457), (229.75, 230.5), 13.7, -0.34, 0.05, 0.08, 19, sides=("left",), colour=(94, 58, 33), openness=0.9, lid="hidden"),
]


def photo_of(case: Case) -> np.ndarray:
    """RGB, smooth: what is compared are places and orders, not filters."""
    width, height = case.size
    y, x = np.mgrid[0:height, 0:width] / case.cm
    waves = [90 + 20 * c + 55 * np.sin(1.1 * x + 0.7 * c) * np.cos(0.9 * y - 0.4 * c) + 18 * np.sin(2.3 * x - 1.7 * y) for c in range(3)]
    return np.floor(np.stack(waves, -1) + 0.5).astype(np.uint8)


def mesh_of(case: Case) -> np.ndarray:
    """478 points: the standard head's where pose.py has them, eyes with shut lids and brows, all others on an oval."""
    turn = np.arange(478)
    points = np.stack([6.5 * np.cos(turn), 1 + 8 * np.sin(turn), np.zeros(478)], -1)
    points[pose.HEAD[:, 0].astype(int)] = pose.HEAD[:, 1:]
    along = np.concatenate([np.linspace(0, 1, 9), np.linspace(0.875, 0.125, 7)])[:, None]
    arch = np.concatenate([np.full(9, SHUT), np.full(7, 3 * SHUT)]) * (1 - (2 * along[:, 0] - 1) ** 2)
    for side in eyes.SIDES:
        ring = eyes.RINGS[side]
        left, right = points[ring[0]].copy(), points[ring[8]].copy()
        width = np.linalg.norm(right - left)
        middle = (left + right) / 2
        points[ring] = left + along * (right - left) + arch[:, None] * [0, width, 0]
        points[eyes.BROWS[side]] = middle + np.linspace(-0.8, 0.8, 5)[:, None] * (right - left) - [0, 0.55 * width, 0]
        points[eyes.IRISES[side]] = middle + 0.21 * width * np.array([[0, 0, 0], [1, 0, 0], [0, -1, 0], [-1, 0, 0], [0, 1, 0]])
    cos, sin = np.cos([case.yaw, case.pitch, case.roll]), np.sin([case.yaw, case.pitch, case.roll])
    nod = np.array([[1, 0, 0], [0, cos[1], sin[1]], [0, -sin[1], cos[1]]])
    shake = np.array([[cos[0], 0, sin[0]], [0, 1, 0], [-sin[0], 0, cos[0]]])
    tilt = np.array([[cos[2], -sin[2]], [sin[2], cos[2]]])
    seen = (points @ nod.T @ shake.T)[:, :2] @ tilt.T
    return np.round(case.centre + case.cm * seen, 2)


def twin() -> None:
    torch.manual_seed(WEIGHT_SEED)
    network = UNet(WIDTHS, FEATURES).eval()
    for name, value in network.named_parameters():
        if name.startswith("body.out"):
            torch.nn.init.normal_(value, 0, OUT_SPREAD)
        elif value.dim() < 2 or "films" in name or "person.last" in name:
            torch.nn.init.normal_(value, 0, 0.25)
    TWIN.parent.mkdir(parents=True, exist_ok=True)
    export.export(network, TWIN)


def random_of(case: Case) -> tuple:
    """Of noise.py's bytes, -2 to 2: `noise` [1, 1, 80, 192] and what follows the turns in `style`."""
    codes = (noise(strip.WIDTH, strip.HEIGHT, 1, case.seed), noise(STYLE - 2, 1, 1, case.seed + 100))
    planes, style = ((values.astype(np.float32) - 127.5) / 64 for values in codes)
    return planes.transpose(2, 0, 1)[None], style.ravel()


def run(case: Case, session) -> dict:
    points = mesh_of(case)
    shut = opener.Shut.of(photo_of(case), points, vision.mesh_square(points), case.sides)
    feeds = opener.feeds_of(shut, opener.Wish(colour=case.colour and np.array(case.colour), openness=case.openness, hide=case.lid == "hidden"))
    planes, style = random_of(case)
    feeds |= {"noise": planes, "style": np.concatenate([shut.yaw_pitch, style]).astype(np.float32)[None]}
    (answer,) = session.run(None, feeds)
    check_twin(session, feeds, answer)
    to_strip = strip.to_strip(eyes.corners_of(eyes.eyes_of(points)))
    return {
        "name": case.name, "size": case.size, "cm": case.cm, "seed": case.seed, "sides": case.sides, "colour": case.colour,
        "openness": case.openness, "lid": case.lid, "points": points.tolist(), "toStrip": to_strip.tolist(), "yawPitch": shut.yaw_pitch.tolist(),
        **{name: sampled(feeds[name]) for name in ("picture", "mask", "guide", "context")}, "eyes": sampled(answer),
    }


def check_twin(session, feeds: dict, answer: np.ndarray) -> None:
    """A test that fed something else would see it."""
    for name, value in feeds.items():
        (other,) = session.run(None, {**feeds, name: np.roll(value, *MOVED.get(name, (3, -1)))})
        moved = 255 * float(np.abs(other - answer).mean())
        assert moved > LEAST_MOVED_CODES, f"the twin hardly looks at {name}: {moved} codes"
    clipped = float(((answer <= 0) | (answer >= 1)).mean())
    assert clipped < MOST_CLIPPED, f"{clipped} of the twin's answer is clipped"


def sampled(values: np.ndarray) -> dict:
    flat = values.ravel()
    codes = np.rint(flat[::EVERY] * 65535).astype(">u2")
    return {"sum": float(f"{flat.sum(dtype=np.float64):.9g}"), "values": codes.tobytes().hex()}


def main() -> None:
    twin()
    session = vision.session(TWIN)
    golden = {"every": EVERY, "cases": [run(case, session) for case in CASES]}
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    for path in (OUT, TWIN):
        print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
