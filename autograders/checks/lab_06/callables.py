"""Functions that a check hands to an answer: they travel by name."""

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB: what who lacks the red or green cones sees.
SIGHTS = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def seen(colour: str, sight: str = "full") -> tuple[float, float, float]:
    """A colour such as "#1FA8C9" as CIE L*a*b*, for a kind of sight: full, protanopia or deuteranopia. The straight
    distance between two such points is about how different they look."""
    channels = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    felt = tuple(min(1.0, max(0.0, c)) for c in _times(SIGHTS[sight], linear))
    x, y, z = (_root(value / white) for value, white in zip(_times(XYZ, felt), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen_by_others(colour: str, sight: str = "full") -> tuple[float, float, float]:
    """The same of people who tell colours apart by red, green and blue, and least of all with all their cones."""
    red, green, blue = (int(colour[place:place + 2], 16) * (0.25 if sight == "full" else 1) for place in (1, 3, 5))
    return red, green, blue


def _times(matrix: tuple, vector: tuple) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
