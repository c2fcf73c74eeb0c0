"""Deadlines of reports upward (时限): which limit holds, when somebody is reminded, what was late.

Owns: everything about them but their rows (`emergency/models/deadlines.py`).
"""
