"""The structured log: one JSON object a line, whatever comes from outside."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.logs import JsonFormatter


def lines(message: str, **extra: str) -> list[str]:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "x"} | extra)
    text = JsonFormatter().format(record)
    return text.splitlines()


@pytest.mark.parametrize(
    "text",
    ['a\n{"level": "INFO", "message": "signed in"}', "a\r\nb", "\x1b[2Jgone", "\x9b2J", "a\u2028b",
     "\u202egnp.exe", "\x00", "\x85"],
)  # fmt: skip
def test_text_from_outside_cannot_fake_a_line(text):
    (line,) = lines("said %s", args=(text,), extra_field=text)
    told = json.loads(line)
    assert told["message"] == f"said {text}" and told["extra_field"] == text
    assert told["time"].endswith("+00:00")
    assert all(char.isprintable() for char in line)


def test_chinese_stays_readable():
    assert "甲醇罐车" in lines("甲醇罐车")[0]


@given(st.text())
def test_any_text_is_one_line_that_reads_back(text):
    (line,) = lines("%s", args=(text,))
    assert json.loads(line)["message"] == text


def test_a_trace_is_one_line_too():
    try:
        raise ValueError("a\nb")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    (line,) = lines("failed", exc_info=info)
    assert "ValueError" in json.loads(line)["exc_info"]
