"""The report of an exercise: one content, told as a page, as a document and as a replay file."""
