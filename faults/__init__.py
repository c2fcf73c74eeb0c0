"""Faults: real nodes, lines that break, peers that lie, and a checker that compares at the end.

Owns nothing that serves users. The scenarios are functions with a size: small ones are tests
(tests/faults), the full ones are run by `make faults`. Promises: everything listens on this machine
alone, every loop has an end, and only what was started here is ended here.
"""
