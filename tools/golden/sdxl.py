"""Reference numbers of the SDXL pipeline, by diffusers' own on the twins: test/golden/sdxl.json and sdxl_large.json.

    python3 -m venv VENV && VENV/bin/pip install -r tools/models/requirements-sdxl.txt -r tools/golden/requirements-sdxl.txt
    VENV/bin/python tools/golden/sdxl.py

Needs ../shared/models/clip and a processor with AVX2 (rng.py says why). The picture is RGB noise and the mask grey noise
of noise.py, at the size of the run, so nothing is resized. `latents` are final, in the scheduler's scale. A
case with `refiner` goes on from there (`by` latents, with or without the mask, the same steps and a generator of its own
with the same seed; or by the `picture` itself, that is, without a base). `decoded` is every so manyth value of [3, h, w];
at a real size `latents` are every so manyth, too.
"""
import json
import sys
from pathlib import Path

import diffusers
import numpy as np
import torch
import transformers
from diffusers import (
    DPMSolverMultistepScheduler, EulerDiscreteScheduler, LCMScheduler, StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLInpaintPipeline,
)
from noise import noise
from PIL import Image
from transformers import CLIPTokenizer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/models/sdxl"))
from twin import Twin  # noqa: E402

CLIP = ROOT / "../shared/models/clip"
OUT = ROOT / "test/golden"
PROMPT = "a photo of a person with open eyes, looking at the camera, brown iris"
NEGATIVE = "closed eyes, blurry"
PICTURE_SEED, MASK_SEED = 7, 8
EVERY = 97
# Primes, so that rows and columns of all channels are met.
LARGE_EVERY = {"everyLatent": 41, "everyDecoded": 1999}
CONFIG = {
    "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
    "timestep_spacing": "leading", "steps_offset": 1, "prediction_type": "epsilon",
}
SCHEDULERS = {
    "euler": (EulerDiscreteScheduler, {}),
    "euler-trailing": (EulerDiscreteScheduler, {"timestep_spacing": "trailing"}),
    "dpm++2m-karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
    "lcm": (LCMScheduler, {}),
}
# `negative` None: the zeros of force_zeros_for_empty_prompt, or, by the refiner, the empty prompt.
USUAL = {
    "unet": "unet9", "scheduler": "euler", "steps": 10, "strength": 0.6, "guidance": 7.5, "rescale": 0,
    "negative": NEGATIVE, "seed": 1, "height": 64, "width": 64,
}
WIDE = {"seed": 42, "width": 96}
BRANCHES = [
    {"unet": "unet9", "strength": 0.6}, {"unet": "unet9", "strength": 0.9999}, {"unet": "unet9", "strength": 1},
    {"unet": "unet4", "strength": 0.6},
]
CASES = [
    *({**branch, "guidance": guidance, **size} for branch in BRANCHES for guidance in (7.5, 1) for size in ({}, WIDE)),
    {"unet": "unet4", "strength": 1}, {"unet": "unet4", "strength": 0.9999},
    {"negative": None}, {"rescale": 0.7}, {"unet": "unet4", "negative": None, "rescale": 0.3, **WIDE},
    *({"unet": unet, "scheduler": "dpm++2m-karras"} for unet in ("unet9", "unet4")),
    *({"unet": unet, "scheduler": "lcm", "steps": 4, "strength": 1, "guidance": 1} for unet in ("unet9", "unet4")),
    {"scheduler": "euler-trailing", "steps": 4, "strength": 1, "guidance": 1},
    # Hand-offs; in the masked one the base blends too.
    {"unet": "unet4", "strength": 0.9999, "end": 0.6, "refiner": {"by": "latents", "masked": True, "guidance": 5}},
    {"strength": 0.9999, "end": 0.6, "refiner": {"by": "latents", "masked": False, "guidance": 5}},
    {"refiner": {"by": "picture", "strength": 0.3, "guidance": 5}},
]
# At a real size, wider than high; of their steps two, three and two are taken.
LARGE = {"height": 512, "width": 640, **LARGE_EVERY}
LARGE_CASES = [
    {"unet": "unet9", "strength": 1, "steps": 2, "guidance": 1, **LARGE},
    {"unet": "unet9", "strength": 0.6, "steps": 5, "guidance": 1, "seed": 42, **LARGE},
    {"unet": "unet4", "strength": 0.7, "steps": 3, "seed": 5, **LARGE},
]


class Pipelines:
    def __init__(self):
        self.twin = Twin()
        files = {"vocab": str(CLIP / "vocab.json"), "merges": str(CLIP / "merges.txt"), "model_max_length": 77}
        self.tokenizer, self.tokenizer_2 = CLIPTokenizer(**files), CLIPTokenizer(**files, pad_token="!")
        assert (self.tokenizer.pad_token_id, self.tokenizer_2.pad_token_id) == (49407, 0)

    def of(self, kind, case: dict, refiner: bool):
        maker, changes = SCHEDULERS[case["scheduler"]]
        pipeline = kind(
            vae=self.twin.vae, unet=self.twin.unets["refiner" if refiner else case["unet"]],
            text_encoder=None if refiner else self.twin.text_encoder, text_encoder_2=self.twin.text_encoder_2,
            tokenizer=None if refiner else self.tokenizer, tokenizer_2=self.tokenizer_2,
            scheduler=maker.from_config({**CONFIG, **changes}), add_watermarker=False,
            requires_aesthetics_score=refiner, force_zeros_for_empty_prompt=not refiner,
        )
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    def latents(self, case: dict) -> torch.Tensor:
        height, width, refiner = case["height"], case["width"], case.get("refiner")
        picture = Image.fromarray(noise(width, height, 3, PICTURE_SEED))
        mask = Image.fromarray(noise(width, height, 1, MASK_SEED)[..., 0])
        size = {"height": height, "width": width}
        same = {"prompt": PROMPT, "negative_prompt": case["negative"], "num_inference_steps": case["steps"], "output_type": "latent"}

        def run(kind, refines, **settings):
            generator = torch.Generator("cpu").manual_seed(case["seed"])
            return self.of(kind, case, refines)(**same, **settings, generator=generator).images

        if refiner and refiner["by"] == "picture":
            strength = {"strength": refiner["strength"], "guidance_scale": refiner["guidance"]}
            return run(StableDiffusionXLImg2ImgPipeline, True, image=picture, **strength)
        found = run(
            StableDiffusionXLInpaintPipeline, False, image=picture, mask_image=mask, strength=case["strength"],
            guidance_scale=case["guidance"], guidance_rescale=case["rescale"], denoising_end=case.get("end"), **size,
        )
        if not refiner:
            return found
        later = {"image": found, "denoising_start": case["end"], "guidance_scale": refiner["guidance"]}
        if refiner["masked"]:
            return run(StableDiffusionXLInpaintPipeline, True, mask_image=mask, **later, **size)
        return run(StableDiffusionXLImg2ImgPipeline, True, **later)

    def case(self, changes: dict) -> dict:
        case = {**USUAL, **changes}
        latents = self.latents(case)
        with torch.no_grad():
            decoded = self.twin.vae.decode(latents / 0.13025).sample
        print({k: v for k, v in changes.items()}, f"spread {latents.std():.3f}, decoded {decoded.std():.3f}", flush=True)
        assert latents.isfinite().all() and decoded.isfinite().all()
        every, every_latent = case.get("everyDecoded", EVERY), case.get("everyLatent", 1)
        return {**case, "latents": rounded(latents.flatten()[::every_latent]), "decoded": rounded(decoded.flatten()[::every])}


def rounded(values: torch.Tensor) -> list[float]:
    return [round(value, 5) for value in values.flatten().tolist()]


def main() -> None:
    torch.set_num_threads(1)
    pipelines = Pipelines()
    versions = {
        "diffusers": diffusers.__version__, "transformers": transformers.__version__, "torch": torch.__version__.split("+")[0],
    }
    common = {"prompt": PROMPT, "pictureSeed": PICTURE_SEED, "maskSeed": MASK_SEED, "every": EVERY}
    write("sdxl.json", {**versions, **common, "cases": [pipelines.case(case) for case in CASES]})
    write("sdxl_large.json", {**versions, "cases": [pipelines.case(case) for case in LARGE_CASES]})


def write(name: str, golden: dict) -> None:
    file = OUT / name
    file.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(name, file.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
