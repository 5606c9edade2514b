"""SCRFD and the 106-point network in Python (OpenCV, onnxruntime, numpy, as InsightFace does it): what the app is measured
against.

    python tools/bench/detect.py prepare PHOTO FOLDER
    python tools/bench/detect.py serve FOLDER

`prepare` writes picture.png (640 px), its pixels for the app (picture.rgba, and four squares of 192 px: squares.rgba) and
prints their sizes. `serve` answers each line {"work", "model", "threads", "times"} with a line {"spans", "answer"}:
milliseconds before, in and behind the network for each of `times` runs after one that is not counted, and what was found.
"""

import json
import sys
import time
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

CANVAS_PX = 640
SQUARE_PX = 192
SQUARES = 4
STRIDES = (8, 16, 32)
LOWEST_SCORE = 0.5
SAME_FACE = 0.4


def prepare(photo: str, folder: Path) -> dict:
    pixels = cv2.imread(photo)
    scale = CANVAS_PX / max(pixels.shape[:2])
    size = [int(side * scale) for side in pixels.shape[1::-1]]
    picture = cv2.resize(pixels, size)
    cv2.imwrite(str(folder / "picture.png"), picture)
    rgba(picture).tofile(folder / "picture.rgba")
    rgba(np.concatenate(squares_of(picture))).tofile(folder / "squares.rgba")
    return {"width": size[0], "height": size[1], "squares": SQUARES, "side": SQUARE_PX}


def squares_of(picture: np.ndarray) -> list[np.ndarray]:
    xs = np.linspace(0, picture.shape[1] - SQUARE_PX, SQUARES).astype(int)
    ys = np.linspace(0, picture.shape[0] - SQUARE_PX, SQUARES).astype(int)
    return [np.ascontiguousarray(picture[y : y + SQUARE_PX, x : x + SQUARE_PX]) for x, y in zip(xs, ys)]


def rgba(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA)


class Work:
    def __init__(self, model: Path, threads: int):
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def run(self, blob: np.ndarray) -> list[np.ndarray]:
        return self.session.run(None, {self.input: blob})


class Detect(Work):
    def before(self, picture: np.ndarray) -> np.ndarray:
        canvas = np.zeros((CANVAS_PX, CANVAS_PX, 3), np.uint8)
        canvas[: picture.shape[0], : picture.shape[1]] = picture
        return cv2.dnn.blobFromImage(canvas, 1 / 128, canvas.shape[:2], (127.5,) * 3, swapRB=True)

    def behind(self, outputs: list[np.ndarray]) -> list[list[float]]:
        outputs = [output.reshape(output.shape[-2:]) for output in outputs]
        found = []
        for i, stride in enumerate(STRIDES):
            scores, boxes, points = outputs[i][:, 0], outputs[i + 3] * stride, outputs[i + 6] * stride
            anchors = anchors_of(stride)
            boxes = np.concatenate([anchors - boxes[:, :2], anchors + boxes[:, 2:]], axis=1)
            points = points + np.tile(anchors, 5)
            sure = np.where(scores >= LOWEST_SCORE)[0]
            found.append(np.hstack([boxes[sure], scores[sure, None], points[sure]]))
        rows = np.vstack(found)
        rows = rows[rows[:, 4].argsort()[::-1]]
        return rows[kept(rows[:, :4])]


@cache
def anchors_of(stride: int) -> np.ndarray:
    cells = CANVAS_PX // stride
    centres = np.stack(np.mgrid[:cells, :cells][::-1], axis=-1).astype(np.float32).reshape(-1, 2) * stride
    return np.repeat(centres, 2, axis=0)


def kept(boxes: np.ndarray) -> list[int]:
    x1, y1, x2, y2 = boxes.T
    areas = (x2 - x1 + 1) * (y2 - y1 + 1)
    order = np.arange(len(boxes))
    best = []
    while order.size:
        i, rest = order[0], order[1:]
        best.append(i)
        w = np.maximum(0, np.minimum(x2[i], x2[rest]) - np.maximum(x1[i], x1[rest]) + 1)
        h = np.maximum(0, np.minimum(y2[i], y2[rest]) - np.maximum(y1[i], y1[rest]) + 1)
        order = rest[w * h / (areas[i] + areas[rest] - w * h) <= SAME_FACE]
    return best


class Landmarks(Work):
    def before(self, squares: list[np.ndarray]) -> np.ndarray:
        return cv2.dnn.blobFromImages(squares, 1.0, (SQUARE_PX, SQUARE_PX), (0, 0, 0), swapRB=True)

    def behind(self, outputs: list[np.ndarray]) -> np.ndarray:
        points = outputs[0].reshape(-1, 106, 2)
        points += 1
        points *= SQUARE_PX // 2
        return points


def serve(folder: Path) -> None:
    picture = cv2.imread(str(folder / "picture.png"))
    subjects = {"detect": picture, "landmarks": squares_of(picture)}
    kinds = {"detect": Detect, "landmarks": Landmarks}
    opened = {}
    for line in sys.stdin:
        order = json.loads(line)
        work, model, threads = order["work"], order["model"], order["threads"]
        cv2.setNumThreads(threads)
        key = (work, model, threads)
        if key not in opened:
            opened[key] = kinds[work](folder / model, threads)
        spans = []
        for _ in range(order["times"] + 1):
            *span, answer = timed(opened[key], subjects[work])
            spans.append(span)
        print(json.dumps({"spans": spans[1:], "answer": answer.reshape(len(answer), -1).tolist()}), flush=True)


def timed(work: Work, subject):
    start = time.perf_counter()
    blob = work.before(subject)
    fed = time.perf_counter()
    outputs = work.run(blob)
    answered = time.perf_counter()
    answer = work.behind(outputs)
    end = time.perf_counter()
    return (fed - start) * 1000, (answered - fed) * 1000, (end - answered) * 1000, answer


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "prepare":
        print(json.dumps(prepare(rest[0], Path(rest[1]))))
    else:
        serve(Path(rest[0]))
