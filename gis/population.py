"""How many people live in a shape: the sum of the grid's cells, weighted by overlapped area.

Owns: that sum. Promises: for cell i with people P and area A the result is the sum of
P * |A and shape| / |A|, exact up to floating point; only cells on the outline are cut, the rest
are counted whole. Takes and returns plain values in metres. Must not know: layers, models, files.
"""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .files import Grid


def people_in(grid: Grid, shape: BaseGeometry) -> float:
    """People within a metric polygon (or several); 0 outside of the grid."""
    if shape.is_empty:
        return 0.0
    rows, columns = grid.people.shape
    west, south, east, north = shape.bounds
    first_column = max(int(np.floor((west - grid.west) / grid.cell_m)), 0)
    last_column = min(int(np.ceil((east - grid.west) / grid.cell_m)), columns)
    first_row = max(int(np.floor((grid.north - north) / grid.cell_m)), 0)
    last_row = min(int(np.ceil((grid.north - south) / grid.cell_m)), rows)
    if first_column >= last_column or first_row >= last_row:
        return 0.0
    window = grid.people[first_row:last_row, first_column:last_column]
    x = grid.west + np.arange(first_column, last_column) * grid.cell_m
    y = grid.north - np.arange(first_row, last_row) * grid.cell_m
    weights = _weights(shape, x, y, grid.cell_m)
    return float(np.sum(window * weights, dtype=np.float64))


def _weights(shape: BaseGeometry, x: np.ndarray, y: np.ndarray, cell_m: float) -> np.ndarray:
    """Which share of each cell lies in the shape; x and y are the cells' west and north edges."""
    half = cell_m / 2
    near = _near_outline(shape, x[0], y[0], (len(y), len(x)), cell_m)
    weights = np.zeros(near.shape)
    shapely.prepare(shape)
    row, column = np.nonzero(~near)
    weights[row, column] = shapely.contains_xy(shape, x[column] + half, y[row] - half)
    row, column = np.nonzero(near)
    cells = shapely.box(x[column], y[row] - cell_m, x[column] + cell_m, y[row])
    whole = shapely.contains(shape, cells)
    cut = ~whole & shapely.intersects(shape, cells)
    shares = whole.astype(np.float64)
    shares[cut] = shapely.area(shapely.intersection(shape, cells[cut])) / cell_m**2
    weights[row, column] = shares
    return weights


def _near_outline(
    shape: BaseGeometry, west: float, north: float, size: tuple[int, int], cell_m: float
) -> np.ndarray:
    """Every cell that the outline can touch: those of its sample points and their neighbours.

    Samples are half a cell apart, so no touched cell is more than one away from a sample's.
    """
    samples = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shape), cell_m / 2))
    column = np.floor((samples[:, 0] - west) / cell_m).astype(int)
    row = np.floor((north - samples[:, 1]) / cell_m).astype(int)
    near = np.zeros((size[0] + 2, size[1] + 2), dtype=bool)
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            r, c = row + down, column + right
            ok = (r >= 0) & (r < size[0] + 2) & (c >= 0) & (c < size[1] + 2)
            near[r[ok], c[ok]] = True
    return near[1:-1, 1:-1]
