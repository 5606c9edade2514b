"""The report on a network that opens eyes: figures on people it was never shown, and sheets of real closed eyes.

    python tools/train/evaluate.py NETWORK.onnx [--out FOLDER] [--faces N]

Writes report.json, report.md, held-out.png and closed-*.png to FOLDER (artifacts/eyes). Needs the cache of dataset.py; the
photos of ../shared/photos are looked at when they are there.
"""
import argparse
import json
import sys
from pathlib import Path

import cv2
import numpy as np

import augment
import dataset
import eyes
import faces
import lids
import losses
import mask
import measures
import opener
import sheets
import strip
from baselines import Baselines
from opener import Wish
from vision import ROOT, Vision

PHOTOS = ROOT / "../shared/photos"
# Edges across the bridge of the nose: looked at on strips, those above wear glasses (rimless ones are missed).
GLASSES_FROM = 35.0
TONES = {"light": (28, 91), "intermediate": (0, 28), "dark": (-91, 0)}
SEED, SHOWN, VARIATIONS = 3, 24, 3
INSIDE = (slice(strip.MARGIN, -strip.MARGIN),) * 2


def shut_row(cut: np.ndarray, face: np.ndarray, row: dict, i: int) -> tuple:
    """A held-out face with its eyes shut by lids.py, and the strip and eyes as they are."""
    target, found = np.ascontiguousarray(cut[INSIDE]), eyes.eyes_of(row["points"].astype(float))
    random = np.random.default_rng((SEED, i))
    shut = {side: mask.closed_ring(eye, 0.1) for side, eye in found.items()}
    picture = lids.closed(target, found, random)
    return opener.Shut(picture, face, shut, row["to_face"], row["yaw_pitch"]), target, found


def figures(finished: np.ndarray, target: np.ndarray, found: dict, shut: opener.Shut, perception, detector: Vision) -> dict:
    # Outside the mask the photo itself, not the imitated lid's surroundings.
    soft = opener.soft_of(shut)
    whole = np.rint(target + soft[..., None] * (finished.astype(float) - target)).astype(np.uint8)
    hole = opener.hole_of(shut)
    points, presence = detector.mesh(opener.in_face(shut, whole)[None])
    verdict = eyes.verdicts(eyes.eyes_of(points[0]), float(presence[0]))
    new = {side: eye.moved(strip.invert(shut.to_face)) for side, eye in eyes.eyes_of(points[0]).items()}
    is_open = set(verdict.values()) == {"open"}
    (iris_fine, lash_fine), (iris_own, lash_own) = measures.detail(whole, new if is_open else found), measures.detail(target, found)
    return {
        "l1": measures.l1(whole, target, hole), "ssim": measures.ssim(whole, target, hole), "perceptual": measures.perceptual(whole, target, perception),
        "judged_open": float(is_open), "iris_difference": measures.iris_difference(whole, new) if is_open else None,
        "roundness": measures.roundness(whole, new) if is_open else None, "seam": measures.seam(whole, soft) / max(measures.seam(target, soft), 1e-3),
        "iris_detail": iris_fine / max(iris_own, 1e-3), "lash_detail": lash_fine / max(lash_own, 1e-3),
    }


def mean(rows: list) -> dict:
    """Means of figures, medians of ratios; None is left out."""
    values = {name: [row[name] for row in rows if row[name] is not None] for name in rows[0]}
    middle = lambda name: np.median if name.endswith("detail") or name == "seam" else np.mean  # noqa: E731
    return {name: round(float(middle(name)(value)), 4) if value else None for name, value in values.items()}


def held_out(run: opener.Opener, out: Path, most: int | None) -> dict:
    cuts, squares, table = augment.load(dataset.CACHE)
    train = np.flatnonzero(~table["held_out"])
    base = Baselines(np.stack([cuts[i][INSIDE] for i in train]))
    perception, detector = losses.Perception(), Vision()
    ways = {name: [] for name in ("told", "told, hidden", "not told", "mean eye", "nearest pasted", "untouched")}
    groups, rows = {}, []
    picked = np.random.default_rng(SEED).permutation(np.flatnonzero(table["held_out"]))[:most]
    for i in picked:
        row = faces.row(table, i)
        shut, target, found = shut_row(cuts[i], squares[i], row, i)
        known = row["iris"][~np.isnan(row["iris"]).any(1)]
        told = Wish(form=row["form"], colour=known.mean(0) if len(known) else None, glint=row["glint"])
        made = {"told": run(shut, told), "told, hidden": run(shut, Wish(told.form, told.colour, told.glint, hide=True)), "not told": run(shut, Wish()),
                "mean eye": base.mean_eye(shut), "nearest pasted": base.nearest(shut), "untouched": target}
        for name, finished in made.items():
            ways[name].append(figures(finished, target, found, shut, perception, detector))
        tone = next(name for name, (low, high) in TONES.items() if low <= row["ita"] < high)
        for group in (f"skin {tone}", "glasses" if row["glasses"] > GLASSES_FROM else "no glasses", str(row["source"])):
            groups.setdefault(group, []).append(ways["not told"][-1])
        if len(rows) < SHOWN:
            rows.append(np.hstack([shut.strip, made["not told"], made["told"], target, made["mean eye"], made["nearest pasted"]]))
    sheets.save(out / "held-out.png", rows, 1)
    return {"faces": len(ways["told"]), "ways": {name: mean(rows) for name, rows in ways.items()},
            "groups, not told": {name: {"faces": len(rows), **mean(rows)} for name, rows in sorted(groups.items())}}


def closed_photos(run: opener.Opener, out: Path) -> dict:
    """Before and after of every face with both eyes shut, hidden and not, in variations."""
    if not PHOTOS.exists():
        print("no ../shared/photos: closed eyes of real photos are not looked at", file=sys.stderr)
        return {}
    detector, opened, rows, strips = Vision(), {"lid shown": [], "hidden": []}, [], []
    for path in sorted(p for p in PHOTOS.iterdir() if p.name.startswith(("closed", "burst", "group")) and p.suffix in (".jpg", ".png")):
        photo = cv2.imread(str(path))[:, :, ::-1]
        for shut in opener.shut_faces(photo, detector):
            made, cut = [], [shut.strip]
            for seed in range(VARIATIONS):
                for name, hide in (("lid shown", False), ("hidden", True)):
                    cut.append(run(shut, Wish(seed=seed + 1, hide=hide)))
                    made.append(opener.in_face(shut, cut[-1]))
                    points, presence = detector.mesh(made[-1][None])
                    opened[name].append(set(eyes.verdicts(eyes.eyes_of(points[0]), float(presence[0])).values()) == {"open"})
            rows.append(np.hstack([shut.face, made[0], made[1], *made[2::2]]))
            strips.append(np.hstack(cut[:4]))
    if strips:
        sheets.save(out / "closed-strips.png", strips, 1)
    for start in range(0, len(rows), 6):
        sheets.save(out / f"closed-{start // 6 + 1}.png", rows[start:start + 6], 1)
    return {"faces": len(rows), **{f"judged open, {name}": round(float(np.mean(values)), 4) for name, values in opened.items() if values}}


def summary(report: dict) -> dict:
    """The keys of `npm run -s bench -- builtin` that need the faces. Nobody tells the network the eye: the app's usual case."""
    ways = report["held out"]["ways"]
    own = ways["not told"]
    return {"judged_open_share": own["judged_open"], "l1_vs_mean_eye": round(own["l1"] / ways["mean eye"]["l1"], 4),
            "l1_vs_pasted": round(own["l1"] / ways["nearest pasted"]["l1"], 4), "iris_detail_vs_untouched": own["iris_detail"]}


def markdown(report: dict) -> str:
    lines = []
    for title in ("ways", "groups, not told"):
        entries = report["held out"][title]
        names = list(next(iter(entries.values())))
        lines += ["", f"| {title} | " + " | ".join(names) + " |", "| --- |" + " --- |" * len(names)]
        lines += [f"| {way} | " + " | ".join("–" if values[n] is None else f"{values[n]:.3g}" for n in names) + " |" for way, values in entries.items()]
    return "\n".join([f"{report['held out']['faces']} held-out faces; closed photos: {json.dumps(report['closed photos'])}", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "artifacts/eyes")
    parser.add_argument("--faces", type=int, default=None, help="so many held-out faces, for a first look; without it all")
    options = parser.parse_args()
    out, run = options.out, opener.Opener(options.network)
    out.mkdir(parents=True, exist_ok=True)
    report = {"closed photos": closed_photos(run, out), "held out": held_out(run, out, options.faces)}
    report["summary"] = summary(report)
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    (out / "report.md").write_text(markdown(report))
    print(markdown(report))
    print(json.dumps(report["summary"]))


if __name__ == "__main__":
    main()
