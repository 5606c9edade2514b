"""Reference numbers for the arithmetic round SDXL's networks, made by diffusers, torch and Pillow:
test/golden/diffusion.json.

    python -m venv .venv && .venv/bin/pip install -r tools/golden/requirements-diffusion.txt
    .venv/bin/python tools/golden/diffusion.py

Sources are noise from a linear congruential generator that the tests repeat, so only results are stored, as hex:
bytes, or little-endian float32.
"""

import json
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from diffusers import StableDiffusionXLInpaintPipeline
from diffusers.image_processor import VaeImageProcessor
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl_inpaint import rescale_noise_cfg
from noise import noise
from PIL import Image

OUT = Path(__file__).parents[2] / "test" / "golden" / "diffusion.json"

# As in StableDiffusionXLInpaintPipeline.__init__.
IMAGES = VaeImageProcessor(vae_scale_factor=8)
MASKS = VaeImageProcessor(vae_scale_factor=8, do_normalize=False, do_binarize=True, do_convert_grayscale=True)
SCALING = 0.13025


def floats(dims: tuple[int, ...], seed: int, scale: float) -> torch.Tensor:
    """(byte - 128) / 128 * scale in float32."""
    values = noise(int(np.prod(dims)), 1, 1, seed).astype(np.float32).reshape(dims)
    return torch.from_numpy((values - np.float32(128)) / np.float32(128) * np.float32(scale))


def rgb(width: int, height: int, seed: int) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(noise(width, height, 4, seed)[..., :3]))


def hexed(tensor: torch.Tensor) -> str:
    return tensor.contiguous().numpy().astype("<f4").tobytes().hex()


# Down and up, mixed, one axis kept, both kept, lines, single pixels, a strong reduction.
LANCZOS = [
    (23, 17, 9, 7), (33, 20, 32, 19), (200, 150, 7, 5), (30, 20, 30, 7), (30, 20, 11, 20), (40, 30, 20, 15),
    (23, 17, 31, 29), (12, 9, 5, 21), (5, 4, 12, 9), (1, 40, 1, 13), (40, 1, 13, 1), (1, 1, 5, 3), (1, 5, 4, 12),
    (7, 6, 1, 1), (16, 9, 16, 9), (400, 3, 3, 2), (64, 48, 72, 40), (3, 2, 40, 3),
]


def lanczos_cases():
    # CMYK: four channels that Pillow does not premultiply.
    for seed, (w, h, to_w, to_h) in enumerate(LANCZOS, 1):
        source = Image.frombytes("CMYK", (w, h), noise(w, h, 4, seed).tobytes())
        result = source.resize((to_w, to_h), Image.Resampling.LANCZOS)
        yield {"seed": seed, "from": [w, h], "to": [to_w, to_h], "result": result.tobytes().hex()}


def picture_cases():
    """The planes of a picture and of its mask through the whole preprocessing."""
    for seed, (w, h) in enumerate([(24, 16), (32, 8)], 31):
        image = IMAGES.preprocess(rgb(w, h, seed))
        mask = MASKS.preprocess(Image.fromarray(noise(w, h, 1, seed + 10)[..., 0]))
        yield {
            "seed": seed, "maskSeed": seed + 10, "size": [w, h],
            "planes": hexed(image),
            "mask": mask.numpy().astype(np.uint8).tobytes().hex(),
            "masked": hexed(image * (mask < 0.5)),
            "latentMask": torch.nn.functional.interpolate(mask, size=(h // 8, w // 8))
            .numpy().astype(np.uint8).tobytes().hex(),
        }


def decoded_case():
    """Beyond -1..1 on both sides, and all values that end half-way between two codes in float32."""
    edges = (2 * (np.arange(255, dtype=np.float64) + 0.5) / 255 - 1).astype(np.float32)
    values = torch.cat([floats((513,), 52, 1.3), torch.from_numpy(edges)]).reshape(1, 3, 16, 16)
    result = IMAGES.postprocess(values, output_type="pil")[0]
    return {"seed": 52, "scale": 1.3, "dims": list(values.shape), "edges": hexed(torch.from_numpy(edges)),
            "result": result.tobytes().hex()}


def sampling_case():
    """Of the log variances some lie beyond -30 and 20; the means are small enough to show even exp(-15)."""
    dims = (1, 4, 6, 5)
    mean, logvar, eps = floats(dims, 71, 1e-6), floats(dims, 72, 34), floats(dims, 73, 3)
    posterior = DiagonalGaussianDistribution(torch.cat([mean, logvar], dim=1))
    z = posterior.mean + posterior.std * eps
    return {"seeds": [71, 72, 73], "scales": [1e-6, 34, 3], "dims": list(dims), "sample": hexed(z),
            "scaled": hexed(SCALING * logvar), "unscaled": hexed(eps / SCALING)}


def join_case():
    latents, masked = floats((2, 4, 3, 5), 74, 2.1), floats((1, 4, 3, 5), 75, 2)
    mask = (floats((1, 1, 3, 5), 76, 1) > 0).float()
    joined = torch.cat([latents, torch.cat([mask] * 2), torch.cat([masked] * 2)], dim=1)
    keep = floats((2, 4, 3, 5), 77, 3.1)
    return {"seeds": [74, 75, 76, 77], "scales": [2.1, 2, 1, 3.1], "dims": list(latents.shape),
            "joined": hexed(joined), "blended": hexed((1 - mask) * keep + mask * latents),
            # A soft mask never occurs here, but tells the order of operations.
            "softlyBlended": hexed((1 - keep[:1, :1] / 4) * keep + keep[:1, :1] / 4 * latents)}


def guidance_cases():
    """The formula of the pipeline's loop; two items, so that a deviation over the batch would show."""
    pred = torch.cat([floats((2, 4, 4, 6), 81, 1.7), floats((2, 4, 4, 6), 82, 2.3)])
    pred[3] *= 0.25
    for scale, rescale in [(7.5, 0.0), (7.3, 0.0), (7.0, 0.7), (15.3, 0.35), (1.1, 1.0)]:
        negative, positive = pred.chunk(2)
        result = negative + scale * (positive - negative)
        if rescale > 0:
            result = rescale_noise_cfg(result, positive, guidance_rescale=rescale)
        yield {"seeds": [81, 82], "scales": [1.7, 2.3], "dims": [2, 4, 4, 6], "scale": scale, "rescale": rescale,
               "result": hexed(result)}


def time_ids_cases():
    for aesthetics in (False, True):
        features = 256 * (5 if aesthetics else 6) + 1280
        pipe = SimpleNamespace(
            config=SimpleNamespace(requires_aesthetics_score=aesthetics),
            unet=SimpleNamespace(
                config=SimpleNamespace(addition_time_embed_dim=256),
                add_embedding=SimpleNamespace(linear_1=SimpleNamespace(in_features=features)),
            ),
        )
        for original, crop, negative_crop in [((640, 512), (0, 0), (0, 0)), ((900, 700), (3, 5), (7, 11))]:
            size = (640, 512)
            positive, negative = StableDiffusionXLInpaintPipeline._get_add_time_ids(
                pipe, original, crop, size, 6.0, 2.5, original, negative_crop, size, torch.float32, 1280
            )
            yield {"aesthetics": aesthetics, "size": size, "originalSize": original, "crop": crop,
                   "negativeCrop": negative_crop, "negative": negative[0].tolist(), "positive": positive[0].tolist()}


def main() -> None:
    golden = {
        "versions": {name: version(name) for name in ("diffusers", "numpy", "pillow", "torch")},
        "lanczos": list(lanczos_cases()),
        "pictures": list(picture_cases()),
        "decoded": decoded_case(),
        "sampling": sampling_case(),
        "join": join_case(),
        "guidance": list(guidance_cases()),
        "timeIds": list(time_ids_cases()),
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
