"""Chance that comes out the same on every machine."""

from zlib import crc32

import numpy as np


class RandomStream:
    """Whole-number draws that depend on the seed and this stream's name, nothing else.

    Built on PCG64's raw bits: NumPy keeps those the same in every version, and promises less
    for the methods of Generator (NEP 19).
    """

    def __init__(self, seed: int, name: str):
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode())]))

    def below(self, bound, size: int) -> np.ndarray:
        """`size` int64 from 0 to bound - 1; bound is a number or an array, under 2**32."""
        raw = self._bits.random_raw(size) >> np.uint64(32)
        return (raw * np.asarray(bound, dtype=np.uint64) >> np.uint64(32)).astype(np.int64)

    def between(self, bounds: tuple, size: int) -> np.ndarray:
        """`size` int64 from bounds[0] to bounds[1], both included."""
        return bounds[0] + self.below(bounds[1] - bounds[0] + 1, size)

    def pick(self, weights, size: int) -> np.ndarray:
        """`size` positions in `weights`, as often as these whole numbers say."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(edges[-1], size), side="right")

    def chance(self, per_thousand, size: int) -> np.ndarray:
        """`size` booleans, true `per_thousand` times in 1000 (a number or an array)."""
        return self.below(1000, size) < per_thousand

    def shuffled(self, size: int) -> np.ndarray:
        """0 to size - 1 in another order."""
        return np.argsort(self._bits.random_raw(size), kind="stable")
