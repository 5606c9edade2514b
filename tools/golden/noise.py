"""The noise of which the sources of goldens are made: tests repeat it (test/unit/noise.ts), so only results are stored."""
import numpy as np


def noise(width: int, height: int, channels: int, seed: int) -> np.ndarray:
    """Bytes of x' = 1664525 x + 1013904223 mod 2^32, the high byte of each."""
    values = np.empty(width * height * channels, np.uint8)
    state = seed
    for i in range(values.size):
        state = (1664525 * state + 1013904223) % 2**32
        values[i] = state >> 24
    return values.reshape(height, width, channels)
