"""An exercise on real nodes that die in the middle of it: the small size of `make faults`."""

import pytest

from faults.scenarios import drills

pytestmark = pytest.mark.timeout(600)  # the first test waits until the nodes run


def test_every_inject_reaches_its_players_once_whoever_dies_meanwhile(made, holds):
    holds(drills.drill_kills(made, injects=6, speed=10, kills=3))
