"""The write doors of the geo platform, one verb each."""

from .imports import import_file
from .layers import publish_grid, publish_layer
from .values import change_extent, remove_ring, set_ring

__all__ = [
    "change_extent",
    "import_file",
    "publish_grid",
    "publish_layer",
    "remove_ring",
    "set_ring",
]
