"""What the API takes in: any text, time and number either comes out clean or is refused."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from emergency import schemas

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
LINE, TEXT = TypeAdapter(schemas.line(30)), TypeAdapter(schemas.text(30))
MOMENT, MONEY = TypeAdapter(schemas.Moment), TypeAdapter(schemas.Money)
PEOPLE = TypeAdapter(schemas.People)


def taken(adapter: TypeAdapter, value: object) -> object:
    """The value as it comes out; None when it is refused."""
    try:
        return adapter.validate_python(value)
    except ValidationError:
        return None


@given(ANYTHING)
def test_text_that_is_taken_is_clean_and_cleaning_it_again_changes_nothing(text):
    kept = taken(TEXT, text)
    if kept is None:
        return
    assert schemas.clean(kept) == kept == unicodedata.normalize("NFC", kept).strip()
    assert len(kept) <= 30
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs") for char in kept if char not in "\n\t"
    )
    kept.encode()


@given(ANYTHING)
def test_a_line_is_one_line(text):
    kept = taken(LINE, text)
    if kept is not None:
        assert len(kept.splitlines()) <= 1 and "  " not in kept and "\t" not in kept
        assert schemas.one_line(kept) == kept


@given(st.text("汉字abc 1，。", max_size=30))
def test_ordinary_text_is_kept_as_it_is(text):
    assert taken(TEXT, text) == text.strip()


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_that_is_taken_is_the_same_moment_in_utc(moment):
    kept = taken(MOMENT, moment.isoformat())
    now = datetime.now(UTC)
    try:
        same = moment.astimezone(UTC)
    except OverflowError:  # before the year 1 or after 9999
        same = datetime.max.replace(tzinfo=UTC)
    can_be = datetime(1970, 1, 2, tzinfo=UTC) <= same <= now
    if kept is None:
        assert not can_be or moment.utcoffset().seconds % 60
    else:
        assert kept == same and kept.tzinfo is UTC
        assert kept <= now + schemas.AHEAD + timedelta(minutes=1)


@given(st.datetimes())
def test_a_time_without_a_zone_is_refused(moment):
    assert taken(MOMENT, moment.isoformat()) is None


@pytest.mark.parametrize("offset", [0, 8, -11, 5.75])
def test_a_time_may_be_given_in_any_zone(offset):
    zone = timezone(timedelta(hours=offset))
    kept = taken(MOMENT, datetime(2026, 2, 3, 4, 5, tzinfo=zone).isoformat())
    assert kept == datetime(2026, 2, 3, 4, 5, tzinfo=zone)


@given(st.decimals("0", "9999999999999.99", places=2))
def test_money_is_kept_to_the_cent_as_text_and_as_a_number(amount):
    assert taken(MONEY, str(amount)) == amount
    if amount < 10**10:
        assert taken(MONEY, float(amount)) == amount


@given(st.one_of(st.floats(), st.integers(), st.booleans(), ANYTHING, st.binary()))
def test_money_and_people_are_never_anything_else_than_what_they_say(value):
    money, people = taken(MONEY, value), taken(PEOPLE, value)
    assert money is None or (isinstance(money, Decimal) and 0 <= money <= Decimal("1e13"))
    assert people is None or (type(value) is int and 0 <= people == value <= 20_000_000)
