"""What everybody on a node reads of its links: how they stand, and nothing for administrators."""

from realtime.link import health
from tests.link.world import YANTA


def test_the_desk_is_told_how_a_link_stands_and_not_by_which_number_it_was_paired(city, paired):
    paired(YANTA)
    with city.here():
        [whole], [shown] = health.states()["peers"], health.shown()["peers"]
    assert whole["number"] and whole["state"] == shown["state"]
    assert not {"number", "url", "refusal", "refused", "clearance_at"} & shown.keys()
