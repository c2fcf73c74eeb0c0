"""Directives: instructions of leaders, followed to the end as tasks."""
