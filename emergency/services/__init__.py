"""The only place where the duty desk writes: one verb each, keyword-only, one transaction.

Every verb asks for permission once, writes the row and what hangs on it, and appends the envelope
last, so that the log's head is locked for the shortest time.
"""
