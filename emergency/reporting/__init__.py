"""Reports upward: by phone and in writing, follow-ups, the final one; drafts, signatures, receipts.

`elements` is what a report has to say, `drafting` proposes one from the log, `events` are the
shapes, `apply` the way back from them, `services` write, `selectors` read.
"""
