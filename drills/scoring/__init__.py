"""The score of an exercise, worked out from its log alone: pure functions, whole numbers.

`timeline.py` puts what the log tells in order, `metrics.py` measures one expectation each,
`score.py` turns what was measured into marks and a grade.
"""
