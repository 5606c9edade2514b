"""Head turn from a mesh: src/pipeline/pose.ts in numpy. Points of MediaPipe's canonical face model (Apache-2.0)."""
import numpy as np

# Mesh index, x to image-right, y down, z to the camera, cm.
HEAD = np.array([
    [33, -4.446, -2.664, 3.173], [133, -1.856, -2.585, 3.758], [362, 1.856, -2.585, 3.758], [263, 4.446, -2.664, 3.173],
    [168, 0, -3.271, 5.236], [6, 0, -2.473, 5.789], [197, 0, -1.728, 6.317], [1, 0, 1.127, 7.476],
    [234, -7.664, -0.673, -2.436], [454, 7.664, -0.673, -2.436], [127, -7.743, -2.365, -2.005],
    [356, 7.743, -2.365, -2.005], [10, 0, -8.262, 4.482]])


def yaw_pitch(points: np.ndarray) -> tuple:
    """Radians, in a picture that stands as the head does. Yaw > 0: nose to its right. Pitch > 0: nose down."""
    seen = points[HEAD[:, 0].astype(int)]
    head = HEAD[:, 1:] - HEAD[:, 1:].mean(0)
    across, down = np.linalg.solve(head.T @ head, head.T @ (seen - seen.mean(0))).T
    length = np.linalg.norm(np.cross(across, down))
    roll = np.arctan2(down[0], across[0])
    cos, sin = np.cos(roll), np.sin(roll)
    nose = np.array([cos * across[2] + sin * down[2], cos * down[2] - sin * across[2], np.sqrt(length) or 1.0])
    return float(np.arctan2(nose[0], nose[2])), float(np.arctan2(nose[1], np.hypot(nose[0], nose[2])))
