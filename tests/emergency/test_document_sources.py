"""What documents of a day are made from, and what they may not keep of others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from emergency.documents.sources import source
from emergency.models import Incident
from realtime.problems import Invalid, NotFound
from tests import factories
from tests.emergency.test_directives import directive
from tests.emergency.test_documents import HOUR, leader, made, morning, report  # noqa: F401


def test_a_day_to_come_and_what_is_no_day_are_named(duty):
    for kind, of in (
        ("dutylog", "day/2999-01-01"),
        ("dutylog", f"day/{timezone.localdate() + timedelta(days=1)}"),
        ("dutylog", "day/then"),
        ("daily", "until/2099-01-01T08:00"),
        ("daily", "until/morning"),
        ("daily", "until/0001-01-01T00:00"),
    ):
        with pytest.raises(Invalid):
            source(duty, kind, of)
    with pytest.raises(NotFound):
        source(duty, "novel", "day/2026-01-01")


def test_the_daily_report_counts_by_class_and_district(duty):
    now = timezone.localtime()
    factories.incident(duty, received_at=now - HOUR, dead=1, grade=4)
    factories.incident(duty, received_at=now - HOUR, dead=None)
    factories.incident(duty, received_at=now - 30 * HOUR)
    Incident.objects.update(district_name="未央区")
    said = source(duty, "daily", morning()).said
    assert said["total"] == "2 起"
    assert said["districts"] == [{"name": "未央区", "count": "2"}]
    assert said["casualties"].startswith("死亡 1（另 1 起不详），受伤 不详 2 起")
    assert [one["count"] for one in said["grades"]] == ["1", "1"]


def test_of_incidents_of_other_nodes_a_document_keeps_the_number_alone(duty, made):  # noqa: F811
    row = directive(duty, made)
    Incident.objects.filter(pk=made.pk).update(home="xian-yanta", title="别处的事")
    said = source(duty, "notice", f"directive/{row.pk}").said
    assert (said["incident"], said["incident_title"]) == (made.number, "")
    said = source(duty, "directives", "directives/open").said
    assert said["rows"][0]["incident"] == made.number
    said = source(duty, "daily", morning()).said
    assert "别处的事" not in str(said)


def test_a_special_bulletin_keeps_nothing_that_another_node_has_written_since(duty, report, made):  # noqa: F811
    Incident.objects.filter(pk=made.pk).update(
        home="xian-yanta", trend="别处的研判", address="别处"
    )
    said = source(duty, "special", report).said
    assert (said["outlook"], said["advice"], said["places"]) == ([], [], [])
    assert "别处" not in str(said)


def test_what_a_document_is_of_is_told_in_one_form_alone(duty, report):  # noqa: F811
    for kind, of in (
        ("report", f"{'a' * 100}/{report[7:]}"),
        ("report", f"report/{{{report[7:].upper()}}}"),
    ):
        assert source(duty, kind, of).of == report
    for of in ("directives/some", "directives", "x" * 100):
        with pytest.raises(NotFound):
            source(duty, "directives", of)
