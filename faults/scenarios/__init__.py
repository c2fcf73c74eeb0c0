"""The scenarios: each a function of a federation and a size, each with an outcome."""
