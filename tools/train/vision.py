"""The app's own detector and face mesh in onnxruntime: workers/vision/yunet.ts, mesh.ts and src/pipeline/trace.ts."""
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

import eyes
import strip

ROOT = Path(__file__).resolve().parents[2]
FACES = ROOT / "public/models/faces"
BOX_MARGIN, MESH_MARGIN, SKIN_POINTS = 1.4, 1.5, 468
# One pass is enough for the photos that are looked at here; the app takes finer ones too.
LONGEST_SIDE = 1280
SURE_SCORE, SAME_FACE = 0.8, 0.4


def session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def square(centre: np.ndarray, length: float, roll: float) -> np.ndarray:
    """Map of the photo to an upright square of FACE_SIDE px that shows `length` px round `centre`."""
    scale = strip.FACE_SIDE / length
    turn = scale * np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    return np.hstack([turn, (strip.FACE_SIDE / 2 - turn @ centre)[:, None]])


class Vision:
    def __init__(self, threads: int = 1):
        self._yunet = session(FACES / "yunet_s.onnx", threads)
        self._mesh = session(FACES / "face_mesh_478.onnx", threads)

    def mesh(self, squares: np.ndarray) -> tuple:
        """Points [n, 478, 2] in px of RGB squares [n, 256, 256, 3] (uint8), and presences 0..1 [n]."""
        planes = np.ascontiguousarray(squares.transpose(0, 3, 1, 2), np.float32) / 255
        landmarks, presence = self._mesh.run(["landmarks", "presence"], {"input": planes})
        return landmarks.reshape(-1, 478, 3)[:, :, :2].astype(np.float64), 1 / (1 + np.exp(-presence[:, 0]))

    def trace(self, photo: np.ndarray, box: np.ndarray, roll: float) -> tuple:
        """Points [478, 2] in px of the photo (RGB), presence, and the map to the square of the last look. `box`: x, y, width, height."""
        to_square = square(box[:2] + box[2:] / 2, max(box[2:]) * BOX_MARGIN, roll)
        points, presence = self._look(photo, to_square)
        to_square = mesh_square(points)
        points, presence = self._look(photo, to_square)
        return points, presence, to_square

    def _look(self, photo: np.ndarray, to_square: np.ndarray) -> tuple:
        points, presence = self.mesh(face_of(photo, to_square)[None])
        return strip.apply(strip.invert(to_square), points[0]), float(presence[0])

    def faces(self, photo: np.ndarray) -> list:
        """(box, roll) of every face in a photo (RGB), largest first."""
        scale = min(1.0, LONGEST_SIDE / max(photo.shape[:2]))
        small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else photo
        rows, columns = (-(-side // 32) * 32 for side in small.shape[:2])
        planes = np.zeros((1, 3, rows, columns), np.float32)
        planes[0, :, :small.shape[0], :small.shape[1]] = small[:, :, ::-1].transpose(2, 0, 1)
        names = [output.name for output in self._yunet.get_outputs()]
        outputs = dict(zip(names, self._yunet.run(names, {"input": planes})))
        boxes, scores, points = [], [], []
        for stride in (8, 16, 32):
            score = np.sqrt(outputs[f"cls_{stride}"][0, :, 0] * outputs[f"obj_{stride}"][0, :, 0])
            for cell in np.flatnonzero(score >= SURE_SCORE):
                place = np.array([cell % (columns // stride), cell // (columns // stride)])
                bbox, kps = outputs[f"bbox_{stride}"][0, cell], outputs[f"kps_{stride}"][0, cell].reshape(5, 2)
                size = np.exp(bbox[2:]) * stride
                boxes.append(np.concatenate([(place + bbox[:2]) * stride - size / 2, size]) / scale)
                scores.append(float(score[cell]))
                points.append((place + kps[:2]) * stride)
        kept = cv2.dnn.NMSBoxes([list(map(float, box)) for box in boxes], scores, SURE_SCORE, SAME_FACE) if boxes else []
        along = {i: points[i][1] - points[i][0] for i in kept}
        found = [(boxes[i], float(np.arctan2(along[i][1], along[i][0]))) for i in kept]
        return sorted(found, key=lambda face: -face[0][2])


def face_of(photo: np.ndarray, to_square: np.ndarray) -> np.ndarray:
    return strip.warp(photo, to_square, (strip.FACE_SIDE, strip.FACE_SIDE), cv2.BORDER_CONSTANT)


def mesh_square(points: np.ndarray) -> np.ndarray:
    """Map to the square on a mesh: level eyes, centred on its extent."""
    found = eyes.eyes_of(points)
    along = found["left"].corners.mean(0) - found["right"].corners.mean(0)
    roll = float(np.arctan2(along[1], along[0]))
    back = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    level = points[:SKIN_POINTS] @ back
    low, high = level.min(0), level.max(0)
    return square(back @ ((low + high) / 2), float((high - low).max()) * MESH_MARGIN, roll)
