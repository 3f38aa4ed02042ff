"""Ids as the tools show them, made of whole numbers: the same everywhere, and never twice in a world."""

import numpy as np

INSERT, DEVICE, HIGH = 1, 2, 3  # salts


def mixed(numbers: np.ndarray, seed: int, salt: int) -> np.ndarray:
    """Numbers that look like chance, different for different ones: each step can be undone.

    The constants are those of the finaliser of splitmix64 (https://prng.di.unimi.it/splitmix64.c).
    """
    x = numbers.astype(np.uint64) ^ np.uint64((seed * 8 + salt) * 0x9E3779B97F4A7C15 % 2**64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def hexed(numbers: np.ndarray) -> np.ndarray:
    """16 hex digits of each 64-bit number, as one NumPy string column."""
    digits = _BYTES[numbers.astype(">u8").view(np.uint8)]
    return digits.view("S16").astype("U16")


def insert_ids(seed: int, keys: np.ndarray) -> np.ndarray:
    """`$insert_id` of events."""
    return hexed(mixed(keys, seed, INSERT))


def uuids(seed: int, numbers: np.ndarray, salt: int) -> list[str]:
    """Ids in the form of a UUID, of events or devices."""
    low, high = hexed(mixed(numbers, seed, salt)), hexed(mixed(numbers, seed, salt + HIGH))
    return [f"{h[:8]}-{h[8:12]}-4{h[13:]}-a{l[1:4]}-{l[4:]}" for h, l in zip(high.tolist(), low.tolist(), strict=True)]


def device_ids(seed: int, devices: np.ndarray) -> list[str]:
    return uuids(seed, devices, DEVICE)


def event_ids(seed: int, keys: np.ndarray, web: np.ndarray) -> np.ndarray:
    """What an audit names an event by: `$insert_id` of Mixpanel, `uuid` of Amplitude."""
    ids = insert_ids(seed, keys).astype(object)
    ids[~web] = uuids(seed, keys[~web], INSERT)
    return ids


_BYTES = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), np.uint16)
