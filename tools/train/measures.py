"""Figures of one finished strip, each beside that of the untouched photo."""
import cv2
import numpy as np
from skimage.metrics import structural_similarity

import iris
import strip

# Corner distances round the line of the upper lid: where lashes are.
LASH_BAND = 0.07
ANGLES, RADII = 24, np.linspace(0.75, 1.25, 21)


def luma_of(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)


def l1(found: np.ndarray, wanted: np.ndarray, where: np.ndarray) -> float:
    """Mean difference under the mask, codes of 255."""
    return float(np.abs(found.astype(float) - wanted)[where > 0.5].mean())


def ssim(found: np.ndarray, wanted: np.ndarray, where: np.ndarray) -> float:
    _, full = structural_similarity(found, wanted, channel_axis=2, data_range=255, full=True)
    return float(full.mean(-1)[where > 0.5].mean())


def perceptual(found: np.ndarray, wanted: np.ndarray, perception) -> float:
    """Distance in dlib's first layers (losses.Perception)."""
    import torch
    tensors = [torch.from_numpy(p.transpose(2, 0, 1)[None].astype(np.float32) / 255) for p in (found, wanted)]
    with torch.no_grad():
        return float(perception(*tensors))


def iris_difference(picture: np.ndarray, eyes: dict):
    """CIE76 distance of both irises' colours; None where one cannot be told."""
    told = [iris.colours(picture, eye)[0] for eye in eyes.values()]
    if any(colour is None for colour in told):
        return None
    first, second = (cv2.cvtColor((c[None, None] / 255).astype(np.float32), cv2.COLOR_RGB2LAB)[0, 0] for c in told)
    return float(np.linalg.norm(first - second))


def roundness(picture: np.ndarray, eyes: dict) -> float:
    """Deviation of the limbus' distance from the centre over the visible sides, in radii; 0 is a perfect arc."""
    luma, spreads = luma_of(picture), []
    for eye in eyes.values():
        centre, radius, _ = iris.measure(picture, eye)
        angles = np.concatenate([np.linspace(-0.7, 0.7, ANGLES), np.pi + np.linspace(-0.7, 0.7, ANGLES)])
        places = centre + (RADII[:, None] * radius)[..., None] * np.stack([np.cos(angles), np.sin(angles)], -1)
        x, y = (places[..., axis].astype(np.float32) - 0.5 for axis in (0, 1))
        steps = np.gradient(cv2.GaussianBlur(cv2.remap(luma, x, y, cv2.INTER_LINEAR), (1, 5), 1), axis=0)
        spreads.append(RADII[steps.argmax(0)].std())
    return float(np.mean(spreads))


def detail(picture: np.ndarray, eyes: dict) -> tuple:
    """High-frequency deviation (what a blur of 1 px takes away) in the irises and along the upper lashes, grey levels."""
    luma = luma_of(picture)
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 1.0)
    places = np.stack(np.meshgrid(np.arange(strip.WIDTH) + 0.5, np.arange(strip.HEIGHT) + 0.5), -1)
    in_iris, in_lashes = [], []
    for eye in eyes.values():
        uv = iris.Frame.of(eye).to(places)
        upper, lower = iris.lid_lines(eye)(uv[..., 0])
        open_part = (uv[..., 1] > upper) & (uv[..., 1] < lower)
        in_iris.append(fine[open_part & (np.linalg.norm(places - eye.iris, axis=-1) < eye.radius)])
        near = np.abs(uv[..., 1] - upper) < LASH_BAND * eye.width
        in_lashes.append(fine[near & (np.abs(uv[..., 0]) < eye.width / 2)])
    spread = lambda parts: float(np.concatenate(parts).std()) if sum(map(len, parts)) > 8 else 0.0  # noqa: E731
    return spread(in_iris), spread(in_lashes)


def seam(picture: np.ndarray, soft: np.ndarray) -> float:
    """Mean second difference where old and new pixels mix, grey levels."""
    edge = (soft > 0.02) & (soft < 0.98)
    return float(np.abs(cv2.Laplacian(luma_of(picture), cv2.CV_32F))[edge].mean())


