"""Reference numbers for workers/diffusion/schedule, made by diffusers: test/golden/schedulers.json.

    python3.11 -m venv .venv && .venv/bin/pip install -r tools/golden/requirements-diffusers.txt
    .venv/bin/python tools/golden/schedulers.py

Everything runs on the CPU in float32. A toy takes the place of the network: what it says of its input x at timestep t is
0.3 x + 0.05 cos(t / 100). A trajectory starts at step `from` with start * initNoiseSigma, or with noise added to `start`
where `from` is not 0, and ends after step `to` - 1; `noise` holds what LCM drew, a row a step.
"""

import hashlib
import json
import math
from pathlib import Path

import diffusers
import torch
from diffusers import DPMSolverMultistepScheduler, EulerDiscreteScheduler, LCMScheduler

OUT = Path(__file__).parents[2] / "test" / "golden" / "schedulers.json"

# scheduler_config.json of SDXL base, as far as these schedulers read it.
CONFIG = {
    "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
    "timestep_spacing": "leading", "steps_offset": 1, "prediction_type": "epsilon",
}

KINDS = {
    "euler": (EulerDiscreteScheduler, {}),
    "euler-trailing": (EulerDiscreteScheduler, {"timestep_spacing": "trailing"}),
    "dpm++2m": (DPMSolverMultistepScheduler, {}),
    "dpm++2m-karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
    # from_config of a pipeline keeps steps_offset and the betas; LCM's own numbers are its defaults.
    "lcm": (LCMScheduler, {}),
}

SCHEDULES = [
    *(("euler", n) for n in (1, 4, 8, 20, 25, 30, 50)),
    *(("euler-trailing", n) for n in (1, 2, 4, 6, 8, 16, 30, 48)),
    *(("dpm++2m-karras", n) for n in (1, 8, 14, 20, 25, 30)),
    ("dpm++2m", 20),
    *(("lcm", n) for n in (1, 2, 4, 6, 8, 50)),
]

# kind, steps, prediction, from, to
TRAJECTORIES = [
    ("euler", 20, "epsilon", 0, 20), ("euler", 30, "epsilon", 12, 23), ("euler", 20, "v_prediction", 0, 20),
    ("euler-trailing", 1, "epsilon", 0, 1), ("euler-trailing", 4, "epsilon", 0, 4),
    ("dpm++2m-karras", 20, "epsilon", 0, 20), ("dpm++2m-karras", 8, "epsilon", 0, 8),
    ("dpm++2m-karras", 20, "epsilon", 8, 20), ("dpm++2m-karras", 20, "epsilon", 0, 16),
    ("dpm++2m-karras", 8, "v_prediction", 0, 8), ("dpm++2m", 20, "epsilon", 0, 20),
    ("lcm", 4, "epsilon", 0, 4), ("lcm", 4, "epsilon", 1, 4), ("lcm", 4, "v_prediction", 0, 4),
]


def scheduler_of(kind: str, steps: int, prediction: str = "epsilon"):
    maker, changes = KINDS[kind]
    scheduler = maker.from_config({**CONFIG, **changes, "prediction_type": prediction})
    scheduler.set_timesteps(steps)
    return scheduler


def schedule_case(kind: str, steps: int):
    scheduler = scheduler_of(kind, steps)
    case = {"kind": kind, "steps": steps, "timesteps": [int(t) for t in scheduler.timesteps]}
    if kind == "lcm":
        alphas = scheduler.alphas_cumprod[scheduler.timesteps]
        case["alphasCumprod"] = alphas.tolist()
        case["sigmas"] = [*(((1 - alphas) / alphas) ** 0.5).tolist(), 0]
    else:
        case["sigmas"] = scheduler.sigmas.tolist()
    return {**case, "initNoiseSigma": float(scheduler.init_noise_sigma)}


def toy(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return 0.3 * x + 0.05 * math.cos(float(t) / 100)


def trajectory_case(kind: str, steps: int, prediction: str, first: int, end: int, start: torch.Tensor):
    scheduler = scheduler_of(kind, steps, prediction)
    scheduler.set_begin_index(first)
    timesteps = scheduler.timesteps
    x = start * scheduler.init_noise_sigma
    if first > 0:
        x = scheduler.add_noise(start, start.flip(0), timesteps[first : first + 1])
    case = {"kind": kind, "steps": steps, "prediction": prediction, "from": first, "to": end, "begin": x.tolist()}
    if kind == "lcm":
        drawn = torch.Generator().manual_seed(1)
        case["noise"] = [torch.randn(start.shape, generator=drawn).tolist() for _ in range(first, min(end, steps - 1))]
    generator = torch.Generator().manual_seed(1)
    extra = {"generator": generator} if kind == "lcm" else {}
    for t in timesteps[first:end]:
        output = toy(scheduler.scale_model_input(x, t), t)
        x = scheduler.step(output, t, x, **extra).prev_sample
    return {**case, "result": x.tolist()}


def sha256(table: torch.Tensor) -> str:
    return hashlib.sha256(table.numpy().astype("<f4").tobytes()).hexdigest()


def main() -> None:
    torch.set_num_threads(1)
    start = torch.randn(32, generator=torch.Generator().manual_seed(0))
    tables = EulerDiscreteScheduler.from_config(CONFIG)
    golden = {
        "diffusers": diffusers.__version__,
        "torch": torch.__version__.split("+")[0],
        "betasSha256": sha256(tables.betas),
        "alphasCumprodSha256": sha256(tables.alphas_cumprod),
        "schedules": [schedule_case(*case) for case in SCHEDULES],
        "start": start.tolist(),
        "trajectories": [trajectory_case(*case, start) for case in TRAJECTORIES],
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
