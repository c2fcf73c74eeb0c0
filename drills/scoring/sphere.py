"""How far two places are from each other.

Owns: that formula. Promises: pure; whole metres of the great circle (WGS 84, mean radius). Must not
know: what is there.
"""

import math

EARTH_M = 6_371_008.8  # mean radius


def metres(lon: float, lat: float, to_lon: float, to_lat: float) -> int:
    """Whole metres between two places in degrees."""
    a, b = math.radians(lat), math.radians(to_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return round(2 * EARTH_M * math.asin(min(1.0, math.sqrt(half))))
