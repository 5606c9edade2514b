"""Reference numbers for workers/diffusion/noise: test/golden/rng.json.

    python -m venv .venv && .venv/bin/pip install -r tools/golden/requirements-rng.txt
    .venv/bin/python tools/golden/rng.py

Needs a processor with AVX2: torch's other kernels give other last digits. `words` are the raw words of MT19937, which
NumPy hands out; `rows` are draws of the given `counts`, one after another from one generator of torch; `large` are
draws of 65536 values each, as SHA-256 of their little-endian float32.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).parents[2] / "test" / "golden" / "rng.json"
SEEDS = [0, 1, 42, 1234, 2147483647, 4294967295]
LARGE = 65536
# Whole blocks; the tail rule; the cached value, across draws and past a large one.
ROWS = [[16], [20], [17], [31], [48], [5, 3], [1, 1, 1], [15, 2], [5, 32, 3], [5, 20, 3], [0, 4]]


def generator(seed: int) -> torch.Generator:
    return torch.Generator("cpu").manual_seed(seed)


def draws(seed: int, counts: list[int]) -> list[np.ndarray]:
    source = generator(seed)
    return [torch.randn(count, generator=source).numpy() for count in counts]


def words(seed: int) -> list[int]:
    return np.random.RandomState(seed).randint(0, 2**32, 1300, np.uint32).tolist()


def large(seed: int, count: int) -> dict:
    values = draws(seed, [LARGE] * count)
    return {
        "seed": seed,
        "first": values[0][:8].tolist(),
        "sha256": [hashlib.sha256(v.astype("<f4").tobytes()).hexdigest() for v in values],
    }


def main() -> None:
    capability = torch.backends.cpu.get_cpu_capability()
    if capability not in ("AVX2", "AVX512"):
        raise SystemExit(f"torch computes with {capability} here, not with AVX2")
    golden = {
        "torch": torch.__version__,
        # The third filling of the state begins at word 1248.
        "words": [{"seed": s, "first": words(s)[:4], "third": words(s)[1248:1252]} for s in SEEDS],
        "uniform": {"seed": 42, "values": torch.rand(8, generator=generator(42)).tolist()},
        "rows": [
            {"seed": s, "counts": counts, "values": [v.tolist() for v in draws(s, counts)]}
            for s in (42, 7)
            for counts in ROWS
        ],
        "large": [large(s, 1) for s in SEEDS] + [large(7, 2)],
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
