"""Trains a network that opens eyes, on the cache of dataset.py.

    python tools/train/train.py --run NAME [--network coarse-to-fine|unet] [--minutes 120] [--resume]

Writes .cache/train/runs/NAME: log.jsonl (a line every LOG_STEPS), sheets, checkpoint.pt (to go on from), weights.pt (the moving
average, for export.py and evaluate.py). The same seed draws the same samples in the same order.
"""
import argparse
import copy
import json
import os
import time

# Before torch is loaded: threads that spin while they wait take the cores from those that work when others use them too.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
import torch  # noqa: E402
from torch.nn import functional as F  # noqa: E402

import dataset  # noqa: E402
import faces  # noqa: E402
import losses  # noqa: E402
import sheets  # noqa: E402
from network import NETWORKS, STYLE, Discriminator  # noqa: E402

BATCH = 16
BETAS = (0.5, 0.99)
# The network's rate falls linearly to this share over the run's minutes; the discriminator's stays so much above the first
# (Heusel et al. 2017: it has to be ahead, else it is fooled by soft eyes).
LAST_RATE, AHEAD = 0.1, 2.0
AVERAGE = 0.999
PIXELS, PERCEPTION, MATCHING, MESH, ADVERSARY = 8.0, 1.0, 1.0, 10.0, 0.4
# Steps over which the discriminator gets its full weight.
ADVERSARY_RAMP = 1000
PENALTY, PENALTY_STEPS = 0.4, 16
LOG_STEPS, SHEET_FACES = 25, 64
FOREVER = 1 << 40


class Trainer:
    def __init__(self, options: argparse.Namespace):
        torch.manual_seed(options.seed)
        self.options, self.device = options, torch.device(options.device)
        self.folder = dataset.CACHE / "runs" / options.run
        self.folder.mkdir(parents=True, exist_ok=True)
        place = lambda module: module.to(self.device, memory_format=torch.channels_last)  # noqa: E731
        self.network, self.adversary = place(NETWORKS[options.network]()), place(Discriminator())
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.perception, self.mesh = place(losses.Perception()), place(losses.MeshLoss())
        self.optimisers = [torch.optim.Adam(m.parameters(), options.rate, BETAS, fused=True) for m in (self.network, self.adversary)]
        self.step, self.minutes = 0, 0.0

    def run(self) -> None:
        options = self.options
        if (self.folder / "checkpoint.pt").exists() != options.resume:
            raise SystemExit(f"run {options.run} {'has no checkpoint to go on from' if options.resume else 'exists: --resume it, or take another name'}")
        if options.resume:
            self.restore()
        held_out = sheets.to_device(faces.held_out(SHEET_FACES), self.device)
        started, begun, next_sheet, values, first = time.monotonic(), self.minutes, self.minutes + options.sheet_minutes, {}, self.step
        for batch in faces.loader(options.seed, self.step * BATCH, FOREVER, BATCH, options.workers):
            self.minutes = begun + (time.monotonic() - started) / 60
            if self.minutes >= options.minutes:
                break
            for name, value in self.train(sheets.to_device(batch, self.device)).items():
                values.setdefault(name, []).append(value)
            if self.step % LOG_STEPS == 0:
                speed = (self.step - first) * BATCH / max(1e-6, (self.minutes - begun) * 60)
                self.log({**{k: round(sum(v) / len(v), 5) for k, v in values.items()}, "images_per_s": round(speed, 2)})
                values = {}
            if self.minutes >= next_sheet:
                next_sheet += options.sheet_minutes
                self.save(held_out)
        self.save(held_out)

    def train(self, batch: dict) -> dict:
        share = min(1.0, max(0.0, (self.step - self.options.adversary_from) / ADVERSARY_RAMP))
        fallen = 1 - (1 - LAST_RATE) * min(1.0, self.minutes / self.options.minutes)
        for optimiser, rate in zip(self.optimisers, (self.options.rate * fallen, self.options.rate * AHEAD)):
            for group in optimiser.param_groups:
                group["lr"] = rate
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.bf16):
            out = self.network(*inputs(batch)).float()
            finished = losses.composite(out, batch)
            parts = {"pixels": losses.pixel_loss(out, batch), "perception": self.perception(finished, batch["target"])}
            parts["mesh"] = self.mesh(finished, batch)
            total = PIXELS * parts["pixels"] + PERCEPTION * parts["perception"] + MESH * parts["mesh"]
            if share > 0:
                self.adversary.requires_grad_(False)
                score, seen = self.adversary(finished, batch["guide"], batch["soft"])
                with torch.no_grad():
                    _, wanted = self.adversary(batch["target"], batch["guide"], batch["soft"])
                parts["matching"], parts["fooled"] = losses.feature_matching(seen, wanted), F.softplus(-score.float()).mean()
                total = total + share * (MATCHING * parts["matching"] + ADVERSARY * parts["fooled"])
        self.apply(0, total)
        if self.step >= self.options.adversary_from:
            parts.update(self.train_adversary(finished.detach(), batch))
        self.step += 1
        keep = min(AVERAGE, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(list(self.average.parameters()), [p.detach() for p in self.network.parameters()], 1 - keep)
        return {name: float(value.detach()) for name, value in parts.items()}

    def train_adversary(self, finished: torch.Tensor, batch: dict) -> dict:
        self.adversary.requires_grad_(True)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.bf16):
            fake, _ = self.adversary(finished, batch["guide"], batch["soft"])
            real, _ = self.adversary(batch["target"], batch["guide"], batch["soft"])
            told = F.softplus(fake.float()).mean() + F.softplus(-real.float()).mean()
        total = told
        if self.step % PENALTY_STEPS == 0:
            total = total + PENALTY * PENALTY_STEPS / 2 * losses.gradient_penalty(self.adversary, batch)
        self.apply(1, total)
        return {"adversary": told}

    def apply(self, which: int, total: torch.Tensor) -> None:
        if not torch.isfinite(total):
            raise FloatingPointError(f"the loss is {float(total)} at step {self.step}: go on from the last checkpoint with another seed")
        self.optimisers[which].zero_grad(set_to_none=True)
        total.backward()
        self.optimisers[which].step()

    def log(self, entry: dict) -> None:
        line = json.dumps({"step": self.step, "minutes": round(self.minutes, 2), **entry})
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(line + "\n")
        print(line, flush=True)

    def save(self, held_out: dict) -> None:
        figures = sheets.write(self.average, held_out, self.folder / f"sheet-{self.step:06d}.png", inputs)
        self.log(figures)
        state = {"network": self.network, "average": self.average, "adversary": self.adversary}
        checkpoint = {"step": self.step, "minutes": self.minutes, "kind": self.options.network,
                      **{name: module.state_dict() for name, module in state.items()},
                      "optimisers": [optimiser.state_dict() for optimiser in self.optimisers]}
        torch.save(checkpoint, self.folder / "checkpoint.new")
        (self.folder / "checkpoint.new").rename(self.folder / "checkpoint.pt")
        torch.save({"kind": self.options.network, "step": self.step, "weights": self.average.state_dict()}, self.folder / "weights.pt")

    def restore(self) -> None:
        checkpoint = torch.load(self.folder / "checkpoint.pt", self.device, weights_only=True)
        if checkpoint["kind"] != self.options.network:
            raise SystemExit(f"the checkpoint is of a {checkpoint['kind']}, not of a {self.options.network}")
        for name in ("network", "average", "adversary"):
            getattr(self, name).load_state_dict(checkpoint[name])
        for optimiser, state in zip(self.optimisers, checkpoint["optimisers"]):
            optimiser.load_state_dict(state)
        self.step, self.minutes = checkpoint["step"], checkpoint["minutes"]


def inputs(batch: dict) -> tuple:
    """What the network gets: noise and style are drawn by torch's generator, the pose is told."""
    mask = batch["mask"]
    noise = torch.randn(mask.shape, device=mask.device)
    free = torch.randn(mask.shape[0], STYLE - 2, device=mask.device)
    return batch["picture"], mask, batch["guide"], noise, batch["context"], torch.cat([batch["pose"], free], 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", required=True)
    parser.add_argument("--network", choices=NETWORKS, default="coarse-to-fine")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--rate", type=float, default=5e-4, help="learning rate at the start")
    parser.add_argument("--sheet-minutes", type=float, default=10)
    parser.add_argument("--adversary-from", type=int, default=500, help="step; before it there is little to tell apart")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    Trainer(options).run()


if __name__ == "__main__":
    main()
