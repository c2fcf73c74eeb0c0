"""Writes of plans: plans themselves, responses, steps of tasks."""
