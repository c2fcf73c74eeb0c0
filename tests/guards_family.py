"""The guards of what hangs together, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

SELECTORS = "emergency/family/selectors.py"
SERVICES = "emergency/family/services.py"
INCIDENTS = "emergency/services/incidents.py"
TESTS = "tests/emergency/test_family.py::test_"
OLDER = "tests/link/test_older.py::test_"

FAMILY_GUARDS = {
    "family: nothing comes of itself": (
        SERVICES,
        "if parent and incident.pk in {parent.pk, *ancestors(parent)}:",
        "if False:",
        f"{TESTS}nothing_comes_of_itself_by_whatever_way",
    ),
    "family: a circle ends": (
        SELECTORS,
        "while at and at not in found:",
        "while at and (at not in found or 1 / 0):",
        f"{TESTS}a_circle_that_two_nodes_made_at_once_is_told_and_ends",
    ),
    "family: of what may be seen": (
        SELECTORS,
        "found = list(visible_incidents(one.realm, officer).filter(near)",
        "found = list(Incident.objects.filter(near)",
        f"{TESTS}who_may_not_see_a_relative_is_told_that_there_is_one_and_nothing_of_it",
    ),
    "family: alike of what may be seen": (
        SELECTORS,
        "rows = visible_incidents(realm, officer).filter(",
        "rows = Incident.objects.filter(",
        f"{TESTS}what_is_alike_is_told_to_who_may_see_it_without_the_incident_itself",
    ),
    "family: the circle, not the box": (
        SELECTORS,
        "pair for pair in far if pair[1] <= rule.distance_m",
        "pair for pair in far",
        f"{TESTS}near_in_place_and_time_and_of_one_kind_is_alike_and_nothing_else",
    ),
    "family: what a node does not have yet": (
        "emergency/apply.py",
        '**{f"{name}_id": _other(data.get(name)) for name in OTHERS},',
        "",
        "tests/link/test_family.py"
        "::test_what_it_was_merged_into_is_known_as_soon_as_the_other_comes",
    ),
    "family: the row of every class stays": (
        "emergency/family/tables.py",
        "if not rule.type_prefix:",
        "if False:",
        f"{TESTS}the_row_of_every_class_is_changed_and_never_removed",
    ),
    "family: who may split": (
        INCIDENTS,
        "        if split_from:\n            _require_whole(actor, split_from, realm)\n",
        "",
        f"{TESTS}who_was_only_shown_an_incident_splits_nothing_of_it",
    ),
    "family: what is known is not asked": (
        SELECTORS,
        'if uuid.UUID(told["id"]) not in known]',
        'if told["id"] != str(one.pk)]',
        f"{TESTS}of_what_somebody_said_what_it_is_nobody_asks_whether_it_is_the_same",
    ),
    "family: half a position": (
        SELECTORS,
        "or not _is_somewhere(one):",
        "or one.lon is None:",
        f"{TESTS}half_a_position_of_another_node_hides_no_relative",
    ),
    "older: shown at once": (
        "realtime/registry.py",
        "return self.public - self.later <= set(public) <= self.public",
        "return self.public == set(public)",
        f"{OLDER}an_incident_of_a_node_that_was_not_upgraded_is_shown_at_once",
    ),
    "older: no change of the officer": (
        "emergency/selectors.py",
        "            if name in before or value  # a field that came later, and says nothing\n",
        "",
        f"{OLDER}fields_that_came_with_an_upgrade_are_no_change_of_the_officer",
    ),
    "older: a relative that is none": (
        "emergency/apply.py",
        "    except (ValueError, TypeError, AttributeError):\n        return None\n",
        "    except KeyError:\n        return None\n",
        f"{OLDER}a_relative_that_is_none_is_left_out_and_the_incident_is_not[parent-0]",
    ),
}
