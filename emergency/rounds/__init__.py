"""Rounds of reports (一小时一报、零报告): what a level of a plan has its
organisations report at a fixed interval, who did, who is missing.

Owns: everything about them but their rows (`emergency/models/rounds.py`).
"""
