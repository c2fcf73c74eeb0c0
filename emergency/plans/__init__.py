"""Digital plans: activated on an incident they make tasks with deadlines.

`events` are the shapes, `apply` the way back from them, `services` write, `selectors` read.
"""
