"""The tests, and what starts the real servers that they run against."""
