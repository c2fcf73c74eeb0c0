"""The demonstration city Xi'an: outlines, places, base map, facilities and people as layers.

Owns: the files in `data/` (each record with `source` and `verified`) and how they become layers
of the geo platform. Promises: nothing here is authoritative and every layer says so (演示数据 or
示意); the same files give the same layers, bit by bit. Must not know: what the layers are used
for. A city in service imports its own files instead and never runs this.
"""
