"""Grading (定级): which grade the figures of an incident suggest, and what a person decided.

Owns: everything about it but its rows (`emergency/models/grading.py`) and the incident that keeps
the decision (`emergency/services/incidents.py`).
"""
