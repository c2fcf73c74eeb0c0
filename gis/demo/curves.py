"""Smooth lines through hand-placed points: the base map of the demonstration city.

Owns: the centripetal Catmull-Rom spline, which passes through every given point and neither
overshoots nor loops where the points are unevenly spaced. Promises: same points, same line; a
closed line ends where it began. Must not know: what the line is, where it comes from.
"""

import numpy as np

STEP_DEGREES = 0.0012  # about 110 m between vertices
_LONGITUDE = np.cos(np.radians(34.25))  # a degree of longitude in degrees of latitude


def smooth(points: np.ndarray, *, closed: bool = False) -> np.ndarray:
    """Vertices of a smooth line through `points` (n × 2, degrees), rounded to 6 decimals."""
    points = np.asarray(points, dtype=float)
    if len(points) < 3:
        return points
    ends = _around(points) if closed else _mirrored(points)
    count = len(points) if closed else len(points) - 1
    pieces = [_piece(ends[at : at + 4]) for at in range(count)]
    last = points[:1] if closed else points[-1:]
    return np.round(np.concatenate([*pieces, last]), 6)


def _around(points: np.ndarray) -> np.ndarray:
    return np.concatenate([points[-1:], points, points[:2]])


def _mirrored(points: np.ndarray) -> np.ndarray:
    before = 2 * points[0] - points[1]
    after = 2 * points[-1] - points[-2]
    return np.concatenate([[before], points, [after]])


def _piece(four: np.ndarray) -> np.ndarray:
    """From the second of four points up to the third, without it (Barry and Goldman's form)."""
    steps = np.diff(four, axis=0) * [_LONGITUDE, 1.0]
    knots = np.concatenate([[0.0], np.cumsum(np.hypot(*steps.T) ** 0.5)])
    count = max(2, int(np.ceil(np.hypot(*steps[1]) / STEP_DEGREES)))
    at = np.linspace(knots[1], knots[2], count, endpoint=False)[:, None]

    def blend(low: int, high: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        share = (at - knots[low]) / (knots[high] - knots[low])
        return (1 - share) * first + share * second

    one, two, three = (blend(i, i + 1, four[i], four[i + 1]) for i in range(3))
    return blend(1, 2, blend(0, 2, one, two), blend(1, 3, two, three))
