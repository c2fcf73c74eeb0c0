"""What a node keeps is open to its own account alone."""

import stat

from config import environment


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_of_a_node_is_closed_to_others_also_where_it_was_open(tmp_path):
    made = environment.own(tmp_path / "var" / "xian")
    assert mode(made) == 0o700
    made.chmod(0o755)
    assert mode(environment.own(made)) == 0o700


def test_the_folder_that_this_node_runs_in_is_one(settings):
    assert mode(settings.NODE_DIR) == 0o700
