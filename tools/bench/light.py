"""The light road in Python (OpenCV, onnxruntime, the app's own networks): what the app is measured against.

    python tools/bench/light.py ROUNDS PHOTO…

Prints {"PHOTO": {"states_ms", "preview_ms", "closed"}} with medians; one round before them is not counted.
The steps, sizes and limits are those of src/pipeline: a pass at 640 px (finer ones when it saw small faces
or none), two meshes a face, verdicts, a view of 2048 px; then the other eye mirrored, matched and feathered
into the face's square, the square laid over the photo, and its view.
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import onnxruntime as ort

FACES = Path(__file__).parents[2] / "public/models/faces"
PASSES_PX = (640, 1600, 3200)
VIEW_PX = 2048
MESH_PX = 256
SQUARE_PX = (256, 2048)
# Side of the FFHQ square in eye distances.
SQUARE_EYES = 512 / 125.92
RINGS = (
    [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
    [362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382],
)

detector = ort.InferenceSession(FACES / "yunet_s.onnx", providers=["CPUExecutionProvider"])
mesh_network = ort.InferenceSession(FACES / "face_mesh_478.onnx", providers=["CPUExecutionProvider"])


def shrunk(picture, longest):
    scale = min(1, longest / max(picture.shape[:2]))
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA), scale


def hits_in(picture, scale):
    """Boxes x, y, w, h with eyes x, y, x, y and score, in photo px."""
    height, width = picture.shape[:2]
    padded = np.zeros((-(-height // 32) * 32, -(-width // 32) * 32, 3), np.float32)
    padded[:height, :width] = picture
    feed = padded.transpose(2, 0, 1)[None]
    outputs = dict(zip([o.name for o in detector.get_outputs()], detector.run(None, {"input": feed})))
    found = []
    for stride in (8, 16, 32):
        score = np.sqrt(outputs[f"cls_{stride}"][0, :, 0] * outputs[f"obj_{stride}"][0, :, 0])
        for cell in np.flatnonzero(score >= 0.5):
            row, column = divmod(int(cell), padded.shape[1] // stride)
            box = outputs[f"bbox_{stride}"][0, cell]
            w, h = np.exp(box[2:]) * stride
            x, y = (column + box[0]) * stride - w / 2, (row + box[1]) * stride - h / 2
            eyes = (outputs[f"kps_{stride}"][0, cell, :4] + [column, row, column, row]) * stride
            found.append((np.array([x, y, w, h, *eyes]) / scale, float(score[cell])))
    if not found:
        return []
    boxes = [list(map(float, hit[:4])) for hit, _ in found]
    kept = cv2.dnn.NMSBoxes(boxes, [s for _, s in found], 0.5, 0.4)
    return [found[i] for i in np.array(kept).flatten()]


def detect(photo):
    hits = []
    for side in PASSES_PX:
        small, scale = shrunk(photo, side)
        hits = hits_in(small, scale) or hits
        sure = [hit[2] * scale for hit, score in hits if score >= 0.75]
        if scale == 1 or (sure and min(sure) >= 20):
            break
    return hits


def square_map(centre, length, roll, side):
    """2×3 map from square px to photo px."""
    a, c = np.cos(roll) * length / side, np.sin(roll) * length / side
    half = side / 2
    return np.array([[a, -c, centre[0] - (a - c) * half], [c, a, centre[1] - (c + a) * half]])


def cut(photo, to_photo, side):
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(photo, to_photo, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def mesh_in(photo, to_photo):
    square = cut(photo, to_photo, MESH_PX)[:, :, ::-1].astype(np.float32) / 255
    points, presence = mesh_network.run(
        ["landmarks", "presence"], {"input": np.ascontiguousarray(square.transpose(2, 0, 1)[None])}
    )
    points = points.reshape(478, 3)[:, :2]
    return points @ to_photo[:, :2].T + to_photo[:, 2], 1 / (1 + np.exp(-float(presence[0, 0])))


def eye_centres(points):
    return [(points[ring[0]] + points[ring[8]]) / 2 for ring in RINGS]


def trace(photo, hit):
    x, y, w, h, rx, ry, lx, ly = hit
    roll = np.arctan2(ly - ry, lx - rx)
    first, _ = mesh_in(photo, square_map((x + w / 2, y + h / 2), max(w, h) * 1.4, roll, MESH_PX))
    right, left = eye_centres(first)
    roll = np.arctan2(*(left - right)[::-1])
    low, high = first[:468].min(0), first[:468].max(0)
    return mesh_in(photo, square_map((low + high) / 2, max(high - low) * 1.5, roll, MESH_PX))


def areas512(points):
    right, left = eye_centres(points)
    scale = (125.92 / np.linalg.norm(left - right)) ** 2
    return [cv2.contourArea(points[ring].astype(np.float32)) * scale for ring in RINGS]


def states(path):
    photo = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    faces = []
    for hit, _ in detect(photo):
        points, presence = trace(photo, hit)
        if presence >= 0.5:
            faces.append((points, areas512(points)))
    shrunk(photo, VIEW_PX)
    return photo, faces


def opened(photo, points, areas):
    """The eye with the smaller opening gets the other one, mirrored; returns the view of the result."""
    right, left = eye_centres(points)
    roll = np.arctan2(*(left - right)[::-1])
    length = np.linalg.norm(left - right) * SQUARE_EYES
    side = int(np.clip(np.ceil(length), *SQUARE_PX))
    to_photo = square_map((right + left) / 2 + [0, length * 0.03], length, roll, side)
    square = cut(photo, to_photo, side)
    to_square = cv2.invertAffineTransform(to_photo)
    rings = [points[ring] @ to_square[:, :2].T + to_square[:, 2] for ring in RINGS]
    shut = int(np.argmin(areas))

    mirrored = square[:, ::-1]
    donor = rings[1 - shut] * [-1, 1] + [side, 0]
    target = rings[shut]
    align, _ = cv2.estimateAffinePartial2D(donor[[8, 0]], target[[0, 8]])
    warped = cv2.warpAffine(mirrored, align, (side, side), flags=cv2.INTER_CUBIC)

    mask = np.zeros((side, side), np.uint8)
    centre, width = (target[0] + target[8]) / 2, np.linalg.norm(target[0] - target[8])
    axes = (round(width * 0.675), round(width * 0.35))
    cv2.ellipse(mask, tuple(int(v) for v in centre), axes, 0, 0, 360, 255, -1)
    wide = cv2.dilate(mask, np.ones((2 * (side // 40) + 1,) * 2, np.uint8))
    ring = (wide > 0) & (mask == 0)
    a, b = warped[ring].astype(np.float32), square[ring].astype(np.float32)
    matched = (warped.astype(np.float32) - a.mean(0)) * (b.std(0) / (a.std(0) + 1e-3)) + b.mean(0)
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    alpha = np.clip(inside / (25 * side / 512), 0, 1)

    mx, my, mw, mh = cv2.boundingRect(mask)
    corners = np.array([[mx, my], [mx + mw, my], [mx, my + mh], [mx + mw, my + mh]])
    x, y, w, h = cv2.boundingRect((corners @ to_photo[:, :2].T + to_photo[:, 2]).astype(np.float32))
    shifted = to_square.copy()
    shifted[:, 2] += to_square[:, :2] @ [x, y]
    back = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    new = cv2.warpAffine(matched, shifted, (w, h), flags=back)
    share = cv2.warpAffine(alpha, shifted, (w, h), flags=back)[:, :, None]
    # The photo is a throw-away here: the app's is not copied either.
    area = photo[y : y + h, x : x + w]
    share, new = share[: area.shape[0], : area.shape[1]], new[: area.shape[0], : area.shape[1]]
    area[:] = np.clip(area * (1 - share) + new * share, 0, 255).astype(np.uint8)
    return shrunk(photo, VIEW_PX)[0]


def timed(path, rounds):
    states_ms, preview_ms, closed = [], [], 0
    for i in range(rounds + 1):
        start = time.perf_counter()
        photo, faces = states(path)
        middle = time.perf_counter()
        shut = [(points, areas) for points, areas in faces if min(areas) < 260]
        for points, areas in shut:
            opened(photo, points, areas)
        end = time.perf_counter()
        closed = len(shut)
        if i:
            states_ms.append((middle - start) * 1000)
            preview_ms.append((end - middle) * 1000)
    return {"states_ms": median(states_ms), "preview_ms": median(preview_ms), "closed": closed}


if __name__ == "__main__":
    rounds, *photos = sys.argv[1:]
    print(json.dumps({path: timed(path, int(rounds)) for path in photos}))
