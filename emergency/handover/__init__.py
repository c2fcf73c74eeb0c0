"""Handing over a shift: filled from the data, signed by both."""
