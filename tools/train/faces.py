"""Samples of the cached faces for the trainer: drawn by weight, made anew each time, the same for the same seed."""
import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

import augment
import dataset


class Faces(Dataset):
    """Sample `index` is drawn and disturbed by (seed, index) alone, so that training goes on where it stopped."""

    def __init__(self, seed: int, first: int, count: int):
        self.load()
        self.kept = np.flatnonzero(~self.table["held_out"])
        self.weights = weights(self.table)[self.kept]
        self.weights = np.cumsum(self.weights / self.weights.sum())
        self.seed, self.first, self.count = seed, first, count

    def load(self) -> None:
        self.cuts, self.faces, self.table = augment.load(dataset.CACHE)

    def __getstate__(self) -> dict:
        """Without the pictures: a worker maps them from the disk itself."""
        return {**self.__dict__, "cuts": None, "faces": None}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self.load()

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict:
        random = np.random.default_rng((self.seed, self.first + index))
        i = self.kept[min(np.searchsorted(self.weights, random.random()), len(self.kept) - 1)]
        return augment.sample(self.cuts[i], self.faces[i], row(self.table, i), random)


def row(table: dict, i: int) -> dict:
    return {name: values[i] for name, values in table.items()}


def weights(table: dict) -> np.ndarray:
    """Chances by source and skin tone; crops that had to be enlarged much are drawn less, for they teach blur."""
    blur = np.minimum(1, 1.4 / table["scale"]) ** 3
    return dataset.weights_of(table["source"], table["ita"]) * blur


def loader(seed: int, first: int, count: int, batch: int, workers: int) -> DataLoader:
    """`count` samples from number `first` on, in batches of tensors."""
    # A forked worker inherits locks that the threads of OpenCV and OpenMP hold, and waits for ever: spawned ones do not.
    spawned = {"multiprocessing_context": "spawn", "prefetch_factor": 4, "worker_init_fn": on_one_thread} if workers else {}
    return DataLoader(Faces(seed, first, count), batch, num_workers=workers, drop_last=True, **spawned)


def on_one_thread(_: int) -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def held_out(count: int, seed: int = 11) -> dict:
    """A fixed batch of faces that are never trained on, drawn by the same chances."""
    faces = Faces(seed, 0, 0)
    out = np.flatnonzero(faces.table["held_out"])
    chances = weights(faces.table)[out]
    picked = np.random.default_rng(seed).choice(out, min(count, len(out)), replace=False, p=chances / chances.sum())
    samples = [augment.sample(faces.cuts[i], faces.faces[i], row(faces.table, i), np.random.default_rng((seed, i))) for i in picked]
    return {name: torch.from_numpy(np.stack([sample[name] for sample in samples])) for name in samples[0]}
