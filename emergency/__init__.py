"""The duty desk: organisations, officers, incidents and everything written about them.

Has never heard of drills: it has a `realm` text on every record and no more.
"""
