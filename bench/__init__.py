"""Benchmarks: figures of this project beside a peer that is measured in the same run.

Owns nothing that serves users. Each benchmark is one file with a docstring that says what is
measured, who the peer is and what bounds it. Promises: loads are bounded, everything listens on
this machine alone, servers and generators are processes that are started and ended here, and no
test depends on a figure.
"""
