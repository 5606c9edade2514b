"""Cache of ../shared/faces as the app would see them: strips, faces, measures.

    python tools/train/dataset.py

Writes .cache/train/strips.npy [n, 112, 224, 3], faces.npy [n, 256, 256, 3] (both uint8, RGB) and table.npz, 0.9 GB, in
about five minutes of one core. Faces whose eyes the app's own verdict does not call open, or whose irises no pixel shows,
are left out.
"""
import csv
import re
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np

import eyes
import form
import iris
import pose
import strip
from vision import ROOT, Vision, face_of

SOURCE = ROOT / "../shared/faces"
CACHE = ROOT / ".cache/train"
# Share of all draws. Older white men fill Congress.
SHARES = {
    "sfhq_t2i_tiles_mit": 0.38, "br_deputies_voti": 0.17, "us_pif_cc0": 0.13, "london_canada_ccby": 0.13,
    "us_congress_gpo_jforms": 0.10, "us_congress_118_cse151a": 0.05, "us_18f_cc0": 0.04,
}
HELD_OUT_PERCENT = 8
# Of individual typology angle, degrees (Chardon 1991): very light, light, intermediate, tan, brown, dark.
ITA_LIMITS = (55, 41, 28, 10, -30)
WIDTH, HEIGHT = strip.WIDTH + 2 * strip.MARGIN, strip.HEIGHT + 2 * strip.MARGIN
SHIFT = np.array([[1.0, 0, strip.MARGIN], [0, 1.0, strip.MARGIN]])
# Beside and below the nose, on both cheeks.
CHEEKS = (50, 101, 205, 280, 330, 425)


def person_of(source: str, name: str) -> str:
    """One name for all pictures of one person, as far as file names tell."""
    if source.startswith("us_congress"):
        return "congress " + Path(name).stem
    if match := re.match(r"(?:neutral|smiling)_front__(\d+)_", name):
        return f"london {match[1]}"
    return f"{source} {name}"


def is_held_out(person: str) -> bool:
    return zlib.crc32(person.encode()) % 100 < HELD_OUT_PERCENT


def skin_of(picture: np.ndarray, points: np.ndarray) -> tuple:
    """CIE lightness 0..100 and individual typology angle in degrees of the cheeks."""
    size = max(2, round(float(np.ptp(points[:, 0])) * 0.02))
    patches = []
    for x, y in points[list(CHEEKS)]:
        patch = picture[max(0, int(y) - size):int(y) + size, max(0, int(x) - size):int(x) + size]
        if patch.size:
            patches.append(np.median(patch.reshape(-1, 3), axis=0))
    colour = np.median(patches, axis=0).astype(np.float32)[None, None] / 255
    lightness, _, b = cv2.cvtColor(colour, cv2.COLOR_RGB2LAB)[0, 0]
    return float(lightness), float(np.degrees(np.arctan2(lightness - 50, max(b, 1e-3))))


def has_glasses(faces_square: np.ndarray, points: np.ndarray) -> float:
    """Strength of edges across the bridge of the nose, where frames pass: grey levels, mean of the strongest row."""
    (x, y), reach = points[168], max(2.0, 0.06 * float(np.ptp(points[:468, 0])))
    rows = slice(max(0, int(y - 2 * reach)), int(y + 2.5 * reach))
    part = cv2.cvtColor(faces_square, cv2.COLOR_RGB2GRAY)[rows, max(0, int(x - reach)):int(x + reach)].astype(np.float32)
    return float(np.abs(np.diff(part.mean(1))).max()) if part.shape[0] > 2 and part.shape[1] else 0.0


def detail_of(cut: np.ndarray, found: dict) -> float:
    """Deviation of what a blur of 1 px takes away, between the lids of both eyes, in grey levels."""
    luma = cut.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 1.0)
    inside = np.zeros(luma.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(eye.ring).astype(np.int32) for eye in found.values()], 1)
    return float(fine[inside > 0].std())


def row_of(entry: dict, vision: Vision):
    """Strip, face and measures of one crop; a reason (str) when it is not to be used."""
    picture = cv2.imread(str(SOURCE / entry["source"] / entry["file"]))
    if picture is None:
        raise FileNotFoundError(f"{entry['source']}/{entry['file']} is in index.csv and cannot be read")
    picture = picture[:, :, ::-1]
    box = np.array([float(entry[name]) for name in ("box_x", "box_y", "box_w", "box_h")])
    points, presence, to_square = vision.trace(picture, box, np.radians(float(entry["roll_deg"])))
    found = eyes.eyes_of(points)
    if set(eyes.verdicts(found, presence).values()) != {"open"}:
        return "not open"
    to_strip = strip.to_strip(eyes.corners_of(found))
    cut = strip.warp(picture, strip.compose(to_strip, SHIFT), (WIDTH, HEIGHT))
    face = face_of(picture, to_square)
    in_margin = {side: eye.moved(strip.compose(to_strip, SHIFT)) for side, eye in found.items()}
    measured, glint, sure = form.measure(cut, in_margin)
    if not sure:
        return "no iris"
    both = [iris.colours(cut, eye) for eye in in_margin.values()]
    colours = np.array([[np.full(3, np.nan) if c is None else c for c in pair] for pair in both])
    lightness, ita = skin_of(face, strip.apply(to_square, points))
    person = person_of(entry["source"], entry["file"])
    return cut, face, {
        "name": f"{entry['source']}/{entry['file']}", "source": entry["source"], "person": person,
        "held_out": is_held_out(person), "points": strip.apply(to_strip, points).astype(np.float32),
        "to_face": strip.compose(strip.invert(to_strip), to_square), "presence": presence,
        "form": measured, "glint": glint, "iris": colours[:, 0], "sclera": colours[:, 1],
        "lightness": lightness, "ita": ita, "yaw_pitch": pose.yaw_pitch(points), "scale": strip.scale_of(to_strip),
        "detail": detail_of(cut, in_margin), "votes": list(eyes.votes(found).values()), "glasses": has_glasses(face, strip.apply(to_square, points)),
    }


def weights_of(sources: np.ndarray, ita: np.ndarray) -> np.ndarray:
    """Chance of each face to be drawn: the sources' shares, within each rare skin tones more often (square root)."""
    tones = np.digitize(-ita, -np.array(ITA_LIMITS))
    rare = 1 / np.sqrt(np.bincount(tones, minlength=len(ITA_LIMITS) + 1) / len(tones))[tones]
    weights = np.zeros(len(ita))
    for source, share in SHARES.items():
        of = sources == source
        if of.any():
            weights[of] = share * rare[of] / rare[of].sum()
    return weights / weights.sum()


def main() -> None:
    if not (SOURCE / "index.csv").exists():
        raise SystemExit(f"{SOURCE} is absent: there is nothing to train on")
    cv2.setNumThreads(1)
    entries = list(csv.DictReader((SOURCE / "index.csv").open()))
    vision, left_out = Vision(), {}
    CACHE.mkdir(parents=True, exist_ok=True)
    cuts, faces, rows = [], [], []
    for i, entry in enumerate(entries):
        row = row_of(entry, vision)
        if isinstance(row, str):
            left_out[row] = left_out.get(row, 0) + 1
            continue
        cuts.append(row[0])
        faces.append(row[1])
        rows.append(row[2])
        if i % 200 == 0:
            print(i, "of", len(entries), left_out, file=sys.stderr)
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    np.save(CACHE / "strips.npy", np.stack(cuts))
    np.save(CACHE / "faces.npy", np.stack(faces))
    np.savez(CACHE / "table.npz", **table)
    print(len(rows), "faces,", int(table["held_out"].sum()), "held out; left out:", left_out)


if __name__ == "__main__":
    main()
