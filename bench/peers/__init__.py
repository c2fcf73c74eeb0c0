"""What the benchmarks compare with, written as its own documentation shows it.

Owns the peers that have to be programs. Promises that they are not slowed down: where a default
would break them (an idle connection that is closed), it is set right.
"""
