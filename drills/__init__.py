"""Exercises, injects, clock, scoring: acts through the services of `emergency` only.

Now: rules of how often a plan is to be exercised, what is due, exercises and their calendar.
"""
