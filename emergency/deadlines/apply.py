"""Facts about deadlines and their steps, put into their tables.

Owns: which fact goes into which table. Promises: as `emergency/apply.py`; a step may come before
its deadline. Must not know: who sent it.
"""

from realtime.registry import applies

from .events import SHAPES

for shape in SHAPES.values():
    applies(shape.subject)(shape.insert)
