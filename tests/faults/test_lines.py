"""Real nodes on lines that break and machines that die, with a record of every write.

The small sizes of what `make faults` runs at full figures.
"""

import pytest

from faults.scenarios import lines, machines

pytestmark = pytest.mark.timeout(600)  # the first test waits until the nodes run


def test_under_cuts_nothing_is_lost_doubled_or_told_to_who_may_not_have_it(made, holds):
    holds(lines.cuts(made, updates=150, rate=30, count=6, silent=(1, 2), bursts=1, shares=True))


def test_a_node_that_is_killed_comes_back_with_all_that_it_acknowledged(made, holds):
    holds(machines.kills(made, count=2, again=2))


def test_without_redis_nothing_is_lost(made, holds):
    holds(machines.redis_kills(made, count=1))
