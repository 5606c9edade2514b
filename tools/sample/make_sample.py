"""
Makes public/sample/eileen-collins.jpg: a portrait with one eye closed by hand-set geometry.

NASA's portrait of Eileen Collins (public domain) as the PyPI wheel of scikit-image carries it. The skin of the
upper lid is stretched down over the subject's right eye, a lash line is drawn where the lids meet, and the grain
that stretching removes is put back.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python make_sample.py
"""
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/models"))
from packages import PackageFile, fetch  # noqa: E402

PORTRAIT = PackageFile(
    "scikit-image",
    "0.25.2",
    "skimage/data/astronaut.png",
    "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ("--python-version", "3.11", "--platform", "manylinux2014_x86_64", "--only-binary", ":all:"),
)
TARGET = ROOT / "public/sample/eileen-collins.jpg"

# Everything below is in pixels of the 512-px portrait. The patch is worked on ENLARGE times larger.
ENLARGE = 12
LEFT, TOP, WIDTH, HEIGHT = 184, 84, 36, 34
OUTER, INNER = (191.6, 100.9), (212.6, 103.0)
# Height above the line through the corners: lash line of the upper lid, and depth of the lower lid.
UPPER_RISE, LOWER_DROP = 6.3, 2.4
# The lids meet in a shallow bowl just above the lower lid.
MEET_DROP = 1.2
# Strip of bare skin between brow and lash line that becomes the lid.
SKIN_TOP, SKIN_BOTTOM = 10.4, 7.7
GRAIN_SEED = 7


def bow(x, depth, outer_weight=0.0):
    """y of a curve through both corners that sags by `depth` px (rises when negative)."""
    t = (x - OUTER[0]) / (INNER[0] - OUTER[0])
    line = OUTER[1] + (INNER[1] - OUTER[1]) * t
    t = np.clip(t, 0, 1)
    return line + depth * 4 * t * (1 - t) * (1 - outer_weight * (t - 0.5))


def sample(picture, x, y):
    """Bilinear, coordinates in patch pixels."""
    h, w = picture.shape[:2]
    x, y = np.clip(x, 0, w - 1.001), np.clip(y, 0, h - 1.001)
    i, j = y.astype(int), x.astype(int)
    u, v = (x - j)[..., None], (y - i)[..., None]
    top = picture[i, j] * (1 - u) + picture[i, j + 1] * u
    return top * (1 - v) + (picture[i + 1, j] * (1 - u) + picture[i + 1, j + 1] * u) * v


def ramp(value, start, end):
    t = np.clip((value - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


def close_eye(patch):
    """The enlarged patch with the lid down, and where it changed (0..1)."""
    rows, columns = np.mgrid[0 : HEIGHT * ENLARGE, 0 : WIDTH * ENLARGE]
    x, y = (columns + 0.5) / ENLARGE + LEFT, (rows + 0.5) / ENLARGE + TOP
    t = np.clip((x - OUTER[0]) / (INNER[0] - OUTER[0]), 0, 1)
    open_height = 4 * t * (1 - t)
    meet = bow(x, MEET_DROP, 0.5)

    skin_top, skin_bottom = bow(x, -SKIN_TOP * 0.92) - 0.9, bow(x, -SKIN_BOTTOM) - 0.7
    down = np.clip((y - skin_top) / np.maximum(meet - skin_top, 0.5), 0, 1)
    lid = skin_top + (skin_bottom - skin_top) * down**1.4
    under = bow(x, LOWER_DROP) + 1.5
    below = under + np.maximum(y - meet, 0) * 0.55
    below = np.maximum(below, y)
    source_y = np.where(y < skin_top, y, np.where(y < meet, lid, below))
    soft = sample(patch, (x - LEFT) * ENLARGE, (source_y - TOP) * ENLARGE)

    # Lid: a little darker towards the lashes and at the old fold, lighter on the bulge of the eyeball.
    fold = np.exp(-(((y - bow(x, -UPPER_RISE * 0.93)) / 0.75) ** 2)) * (0.25 + 0.75 * open_height)
    bulge = np.exp(-(((y - bow(x, -1.4)) / 2.4) ** 2)) * open_height
    shade = 0.975 - 0.04 * fold + 0.01 * bulge - 0.10 * np.exp(-(((y - meet) / 1.6) ** 2))
    shade = np.where(y < meet, shade, 1 - 0.07 * np.exp(-(((y - meet) / 1.5) ** 2)))
    shade = shade[..., None] * np.array([1, 0.985, 0.975]) ** (0.6 * open_height[..., None])
    closed = soft * shade

    # Lashes: one dark line, thicker outwards, fraying downwards.
    along = (x - OUTER[0]) / (INNER[0] - OUTER[0])
    ends = ramp(along, -0.10, 0.10) * (1 - ramp(along, 0.88, 1.02))
    thick = 0.34 + 0.36 * (1 - t) ** 1.2
    line = np.exp(-np.where(y < meet, ((y - meet) / (thick * 0.8)) ** 2, ((y - meet) / (thick * 1.35)) ** 2))
    comb = 0.5 + 0.5 * np.sin((x + (y - meet) * 0.55) * 2 * np.pi / 1.35)
    fray = np.exp(-(((y - meet - 0.9) / 0.85) ** 2)) * comb * (0.2 + 0.5 * (1 - t))
    lash = np.clip(line * 0.86 + fray * 0.5, 0, 0.93) * ends
    closed = closed * (1 - lash[..., None]) + np.array([58, 34, 20]) * lash[..., None]

    sides = ramp(x, OUTER[0] - 2.6, OUTER[0] - 0.2) * (1 - ramp(x, INNER[0] - 0.2, INNER[0] + 2.0))
    changed = ramp(y, skin_top - 0.2, skin_top + 1.4) * (1 - ramp(y, under + 0.2, under + 2.6)) * sides
    return closed, changed


def grain_of(picture):
    """Fine structure of bare cheek skin, tiled to the patch's size."""
    cheek = picture[116:126, 192:206]
    smooth = np.asarray(
        Image.fromarray(cheek.astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.2)), dtype=np.float64
    )
    spread = (cheek - smooth).std(axis=(0, 1))
    shared = np.random.default_rng(GRAIN_SEED).normal(size=(HEIGHT, WIDTH, 1))
    return shared * spread * 0.9


def main():
    image = Image.open(io.BytesIO(fetch(PORTRAIT))).convert("RGB")
    picture = np.asarray(image, dtype=np.float64).copy()
    box = (LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT)
    large = image.crop(box).resize((WIDTH * ENLARGE, HEIGHT * ENLARGE), Image.Resampling.BICUBIC)
    closed, changed = close_eye(np.asarray(large, dtype=np.float64))
    mean = lambda a: a.reshape(HEIGHT, ENLARGE, WIDTH, ENLARGE, -1).mean(axis=(1, 3))
    weight = mean(changed)
    patch = picture[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH]
    patch[:] = patch * (1 - weight) + (mean(closed) + grain_of(picture)) * weight
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    result = Image.fromarray(np.clip(picture + 0.5, 0, 255).astype(np.uint8))
    result.save(TARGET, quality=93, subsampling=0, optimize=True)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
