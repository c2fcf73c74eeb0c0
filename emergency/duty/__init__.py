"""The duty desk beside its incidents: the log of what came in and went out."""
