"""Reference numbers of the VAE in tiles, by diffusers' AutoencoderKL on its twin: test/golden/sdxl_tiles.json.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-sdxl.txt
    VENV/bin/python tools/golden/sdxl_tiles.py

Sizes in px. What goes in is `noise` of tools/models/self_check.py. `tiles` are the sizes, height and width, that the encoder
was given, in their order; the decoder was given an eighth of them. Of mean, logvar and planes every so manyth value.
"""
import json
import sys
from pathlib import Path

import diffusers
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools/models/sdxl"), str(ROOT / "tools/models")]
from self_check import noise  # noqa: E402
from twin import Twin  # noqa: E402

OUT = ROOT / "test/golden/sdxl_tiles.json"
PLANES_SEED, LATENTS_SEED = 31, 32
LATENT_PX = 8
EVERY = {"latents": 3, "planes": 97}
CASES = [
    {"height": 96, "width": 160, "tile": 64},
    # One tile is a whole one high, and yet there are two rows; the last column is a single latent.
    {"height": 64, "width": 104, "tile": 64},
    # Rows of a tile that is smaller than one, and of what is left of it.
    {"height": 56, "width": 72, "tile": 64},
    {"height": 104, "width": 40, "tile": 32},
    {"height": 64, "width": 56, "tile": 64},
]


def answer(vae, case: dict) -> dict:
    height, width, tile = case["height"], case["width"], case["tile"]
    vae.enable_tiling()
    vae.tile_sample_min_size, vae.tile_latent_min_size = tile, tile // LATENT_PX
    seen = {"encoder": [], "decoder": []}
    watches = [
        getattr(vae, name).register_forward_pre_hook(lambda _module, given, sizes=sizes: sizes.append(list(given[0].shape[2:])))
        for name, sizes in seen.items()
    ]
    planes = torch.from_numpy(noise(PLANES_SEED, (1, 3, height, width))).float()
    latents = torch.from_numpy(noise(LATENTS_SEED, (1, 4, height // LATENT_PX, width // LATENT_PX))).float()
    with torch.no_grad():
        mean, logvar = vae._encode(planes).chunk(2, 1)
        decoded = vae.decode(latents).sample
    for watch in watches:
        watch.remove()
    assert mean.shape == latents.shape and decoded.shape == planes.shape
    assert seen["encoder"] == [[LATENT_PX * side for side in size] for size in seen["decoder"]]
    print(case, seen["encoder"], f"spread {mean.std():.3f}, {logvar.std():.3f}, {decoded.std():.3f}")
    return {
        **case, "tiles": seen["encoder"], "mean": rounded(mean, EVERY["latents"]), "logvar": rounded(logvar, EVERY["latents"]),
        "planes": rounded(decoded, EVERY["planes"]),
    }


def rounded(values: torch.Tensor, every: int) -> list[float]:
    return [round(value, 6) for value in values.flatten()[::every].tolist()]


def main() -> None:
    torch.set_num_threads(1)
    vae = Twin().vae
    golden = {
        "diffusers": diffusers.__version__, "torch": torch.__version__.split("+")[0], "planesSeed": PLANES_SEED,
        "latentsSeed": LATENTS_SEED, "every": EVERY, "cases": [answer(vae, case) for case in CASES],
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
