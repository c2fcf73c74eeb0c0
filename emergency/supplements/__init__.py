"""Supplements (补报): for so many days after an accident a change of its casualties is reported.

Owns: everything about them but their rows (`emergency/models/supplements.py`) and the reports
themselves (`emergency/reporting/`).
"""
