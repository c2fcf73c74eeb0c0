"""Structured log: one JSON object a line, so that no text from outside can fake a line.

Owns: the formatter. Promises: line breaks, escape codes and marks that turn the direction of
writing are written as \\u escapes, Chinese stays readable. Must not know: what is logged.
"""

import logging
import re

from pythonjsonlogger.json import JsonFormatter as Base

# what JSON leaves as it is and a terminal or a viewer of lines does not
_TRICKY = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class JsonFormatter(Base):
    """Time, level, logger and message first; extra fields follow."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",  # ISO 8601, UTC
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        return _TRICKY.sub(lambda found: f"\\u{ord(found[0]):04x}", super().format(record))
