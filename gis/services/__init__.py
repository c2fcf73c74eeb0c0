"""The write doors of the geo platform, one verb each."""

from .imports import import_file
from .layers import publish_grid, publish_layer

__all__ = ["import_file", "publish_grid", "publish_layer"]
