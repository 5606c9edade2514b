"""CodeFormer in Python (OpenCV, onnxruntime, numpy, as its driver does it): what the app is measured against.

    python tools/bench/restore.py prepare PHOTO FOLDER
    python tools/bench/restore.py serve GRAPH FOLDER

`prepare` writes square.rgba: the middle of the photo as a square of 512 px. `serve` answers each line {"threads"} with a line
{"ms", "sum"}: the time from that square's pixels to the restored ones, and the sum of these.
"""
import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

SIDE_PX = 512
FIDELITY = 0.7


def prepare(photo: str, folder: Path) -> None:
    pixels = cv2.imread(photo)
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = cv2.resize(pixels[top : top + side, left : left + side], (SIDE_PX, SIDE_PX))
    cv2.cvtColor(square, cv2.COLOR_BGR2RGBA).tofile(folder / "square.rgba")


def session(graph: Path, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def restore(network: ort.InferenceSession, rgba: np.ndarray) -> np.ndarray:
    rgb = rgba[..., :3].astype(np.float32) / 255
    feeds = {"input": ((rgb - 0.5) / 0.5).transpose(2, 0, 1)[None], "weight": np.float32([FIDELITY])}
    (output,) = network.run(None, feeds)
    return np.rint((output[0].clip(-1, 1) + 1) / 2 * 255).astype(np.uint8).transpose(1, 2, 0)


def serve(graph: Path, folder: Path) -> None:
    rgba = np.fromfile(folder / "square.rgba", np.uint8).reshape(SIDE_PX, SIDE_PX, 4)
    opened = {}
    for line in sys.stdin:
        threads = json.loads(line)["threads"]
        if threads not in opened:
            opened[threads] = session(graph, threads)
            restore(opened[threads], rgba)
        start = time.perf_counter()
        face = restore(opened[threads], rgba)
        ms = (time.perf_counter() - start) * 1000
        # The app's pixels have an alpha.
        print(json.dumps({"ms": ms, "sum": int(face.sum(dtype=np.int64)) + 255 * SIDE_PX**2}), flush=True)


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "prepare":
        prepare(rest[0], Path(rest[1]))
    else:
        serve(Path(rest[0]), Path(rest[1]))
