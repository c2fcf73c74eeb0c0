"""How many people live in a shape: the sum of the grid's cells, weighted by overlapped area.

Owns: that sum. Promises: for cell i with people P and area A the result is the sum of
P * |A and shape| / |A|, exact up to floating point. Takes and returns plain values in metres.
Must not know: layers, models, files.

The outline is cut at the lines of the grid. Each piece then lies in one cell; walking down it
covers what is to its right in that row, walking up uncovers it again, so that the running sum
along a row is the covered share of every cell. No geometry is made for a cell.
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
    starts, ends = _edges(shape)
    corner = grid.west + first_column * grid.cell_m, grid.north - first_row * grid.cell_m
    scale = grid.cell_m, -grid.cell_m  # rows count southwards
    shares = _shares((starts - corner) / scale, (ends - corner) / scale, window.shape)
    return float(np.sum(window * shares, dtype=np.float64))


def _edges(shape: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of every edge, the shape on the left hand."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    return corners[:-1][inner], corners[1:][inner]


def _shares(starts: np.ndarray, ends: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Which share of each cell the outline encloses; edges in columns and rows of the window."""
    rows, columns = size
    edge, at = _pieces(starts, ends)
    points = starts[edge] + at[:, np.newaxis] * (ends - starts)[edge]
    piece = edge[1:] == edge[:-1]
    down = (points[1:, 1] - points[:-1, 1])[piece]
    x, y = ((points[1:] + points[:-1]) / 2)[piece].T
    x = np.maximum(x, 0)  # west of the window: covers the whole row
    row, column = np.floor(y).astype(int), np.floor(x).astype(int)
    inside = (row >= 0) & (row < rows) & (column < columns)
    row, column, x, down = row[inside], column[inside], x[inside], down[inside]
    cell, part = row * (columns + 1) + column, x - column
    count = rows * (columns + 1)
    change = np.bincount(cell, down * (1 - part), count) + np.bincount(cell + 1, down * part, count)
    return np.cumsum(change.reshape(rows, columns + 1), axis=1)[:, :columns]


def _pieces(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edge by edge and in order, where it begins, crosses a line of the grid, ends: 0 to 1."""
    every = np.arange(len(starts))
    cuts = [(every, np.zeros(len(every))), (every, np.ones(len(every)))]
    for a, b in zip(starts.T, ends.T, strict=True):
        first = np.floor(np.minimum(a, b)).astype(int) + 1
        count = np.maximum(np.ceil(np.maximum(a, b)).astype(int) - first, 0)
        edge = np.repeat(every, count)
        line = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + first[edge]
        cuts.append((edge, (line - a[edge]) / (b - a)[edge]))
    edge, at = (np.concatenate(column) for column in zip(*cuts, strict=True))
    order = np.lexsort((at, edge))
    return edge[order], at[order]
