"""How incidents hang together: what came of what (事件链), what was merged or split, what is alike.

Owns: everything about it but the rows (`emergency/models/family.py`), the links that an incident
keeps itself, and the steps of merging and splitting (`emergency/services/incidents.py`).
"""
