"""The node's log and everything live that reads it: envelope, log, tail, hub, feed.

Has never heard of a domain word: types, subjects and areas are opaque text.
"""
