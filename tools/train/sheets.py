"""Contact sheets of what a network does now: input, hole, result, photo; and its figures on the same faces."""
from pathlib import Path

import cv2
import numpy as np
import torch

import eyes
import losses
from vision import Vision

SHOWN, COLUMNS, ZOOM = 24, 2, 2
SEED = 5


def to_device(batch: dict, device: torch.device) -> dict:
    return {name: value.to(device) for name, value in batch.items()}


def write(network: torch.nn.Module, batch: dict, path: Path, inputs) -> dict:
    """Writes the sheet; answers with the mean difference under the mask and the share of faces judged open."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(SEED)
        out = network.eval()(*inputs(batch)).clamp(0, 1)
    finished = losses.composite(out, batch)
    pasted = losses.paste(finished, batch["soft"], batch["face"].permute(0, 3, 1, 2).float() / 255, batch["to_face"])
    rows = [np.hstack([pixels(batch["picture"][i]), pixels(finished[i]), pixels(batch["target"][i])]) for i in range(min(SHOWN, len(out)))]
    save(path, rows, COLUMNS)
    difference = (out - batch["target"]).abs()[(batch["mask"] > 0).expand_as(out)].mean()
    return {"held_out_l1": round(float(difference), 5), "judged_open": round(open_share(pasted), 4)}


def open_share(faces: torch.Tensor) -> float:
    """Of faces [n, 3, 256, 256] in the mesh's own square, the share that the app's verdict calls open on both sides."""
    squares = np.stack([pixels(face) for face in faces])
    points, presence = Vision().mesh(squares)
    return float(np.mean([set(eyes.verdicts(eyes.eyes_of(p), q).values()) == {"open"} for p, q in zip(points, presence)]))


def pixels(planes: torch.Tensor) -> np.ndarray:
    return (planes.detach().float().clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()


def save(path: Path, rows: list, columns: int) -> None:
    """Rows of equal size, in so many columns, enlarged."""
    rows = rows + [np.full_like(rows[0], 255)] * (-len(rows) % columns)
    picture = np.vstack([np.hstack(rows[i:i + columns]) for i in range(0, len(rows), columns)])
    picture = cv2.resize(picture, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(path), picture[:, :, ::-1])
