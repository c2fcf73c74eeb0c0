"""What runs inside a process that has Django's settings of the node under test.

Owns the small programs that a benchmark starts with a node's environment. Promises that whatever
stands here is for measuring alone and that the node's own code is used, not repeated.
"""
