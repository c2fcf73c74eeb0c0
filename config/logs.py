"""Structured log: one JSON object a line, so that no text from outside can fake a line.

Owns: the formatter. Must not know: what is logged.
"""

from pythonjsonlogger.json import JsonFormatter as Base


class JsonFormatter(Base):
    """Time, level, logger and message first; extra fields follow."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )
