"""Exercises, injects, clock, scoring: acts through the services of `emergency` only.

Empty for now except for its place in the layers; `realm` is already on every record it will make.
"""
