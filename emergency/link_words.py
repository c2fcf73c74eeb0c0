"""What pages call reasons of realtime: why a thing waits or is refused, a log is new, a row bad.

Owns: the words. Promises: a reason it does not know is shown as it is, never hidden. Must not
know: which rows there are (emergency/selectors_links.py).
"""

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext, gettext_noop

REASONS = (  # patterns of realtime; what varies is kept
    (r"marker missing", gettext_noop("the marker beside the database is missing")),
    (r"marker of another epoch", gettext_noop("the marker belongs to another copy")),
    (r"database behind its marker", gettext_noop("the database is older than its marker")),
    (r"it is not for this node", gettext_noop("this node may not hold it")),
    (
        r"its source is not the home of its subject",
        gettext_noop("it was not written by the node in charge of it"),
    ),
    (
        r"it is about a thing that its source may not have",
        gettext_noop("it is about something that its author's node may not hold"),
    ),
    (
        r"a node that may not introduce others",
        gettext_noop("a node that may not introduce others"),
    ),
    (r"a key that cannot be read", gettext_noop("a key that cannot be read")),
    (
        r"a key that replaces another than it is signed with",
        gettext_noop("a key that replaces another than it is signed with"),
    ),
    (
        r"a key told by one that was replaced or withdrawn",
        gettext_noop("a key told by one that was replaced or withdrawn"),
    ),
    (
        r"its id stands for something else here",
        gettext_noop("its id stands for something else here"),
    ),
    (r"the key is not one of its source", gettext_noop("signed with a key that is not its node's")),
    (
        r"the signature does not belong to the header",
        gettext_noop("the signature is not genuine"),
    ),
    (
        r"the key was withdrawn before it was used",
        gettext_noop("signed with a key that was withdrawn"),
    ),
    (
        r"it came by too many hops, or in a circle",
        gettext_noop("it came over too many nodes, or in a circle"),
    ),
    (r"the \w+ part differs from its digest", gettext_noop("its content was changed")),
    (r"a share of another shape", gettext_noop("a share that cannot be read")),
    (r"a share in the name of another", gettext_noop("a share in the name of another")),
    (r"a node that grants to itself", gettext_noop("a node that shares with itself")),
    (
        r"a share from a node that may not give it",
        gettext_noop("a share from a node that may not give it"),
    ),
    (
        r"this node does not know (?P<what>\S+ \d+) yet",
        gettext_noop("this node does not know %(what)s yet; it waits for an upgrade"),
    ),
    (r"its time is in the future", gettext_noop("its time lies in the future")),
    (r"no peer of this node", gettext_noop("no node that is paired with this one")),
    (r"no proof in time", gettext_noop("no proof of who it is in time")),
    (r"another node answers", gettext_noop("another node answers at this address")),
    (r"another protocol", gettext_noop("another version of the protocol")),
    (r"another session has begun", gettext_noop("a newer connection took its place")),
    (
        r"another key than the one pinned at pairing",
        gettext_noop("another key than the one of the pairing"),
    ),
    (r"too much before the proof", gettext_noop("too much was sent before the proof")),
    (r"nothing was heard for too long", gettext_noop("nothing was heard for too long")),
    (r"the peer does not read", gettext_noop("the other end does not read")),
    (r"the log has begun a new epoch", gettext_noop("the log has begun a new epoch")),
    (r"a frame that is no JSON", gettext_noop("a frame that cannot be read")),
    (r"a frame of no known kind", gettext_noop("a frame of no known kind")),
    (r"(?P<what>\w+) out of turn", gettext_noop("a frame out of turn (%(what)s)")),
    (
        r"it cannot be applied: NotYet",
        gettext_noop("what it hangs on has not come yet"),
    ),
    (
        r"it cannot be applied: (?P<what>\w+)",
        gettext_noop("its content does not fit (%(what)s)"),
    ),
    (r"the row is missing", gettext_noop("the row is missing")),
    (r"the public part is missing", gettext_noop("its content is missing")),
    (
        r"the log is shorter or longer than its head says",
        gettext_noop("the log is shorter or longer than its head says"),
    ),
    (
        r"the chain is broken: this header, or one before it, was changed",
        gettext_noop("the chain is broken: this row, or one before it, was changed"),
    ),
    (r"its key is not known", gettext_noop("its key is not known")),
    (
        r"it was signed with the key of another node",
        gettext_noop("it was signed with the key of another node"),
    ),
    (r"column (?P<what>\w+) .+", gettext_noop("column %(what)s is not as it was signed")),
    (
        r"a column holds what was never written there",
        gettext_noop("a column holds what was never written there"),
    ),
)


def reason_text(reason: str) -> str:
    """A reason in the language of the page."""
    return in_words(REASONS, reason, lambda _name, text: text)


def in_words(
    patterns: Iterable[tuple[str, str]], told: str, inner: Callable[[str, str], str]
) -> str:
    """What the first pattern that fits says in the language of the page; `inner` gives the words
    of what varies, by its name. What no pattern fits stays as it is."""
    for pattern, words in patterns:
        if found := re.fullmatch(pattern, told):
            varied = found.groupdict().items()
            return gettext(words) % {name: inner(name, text) for name, text in varied}
    return told
