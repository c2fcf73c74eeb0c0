"""Sessions that must not begin: wrong keys, replays, splices, frames out of turn (checklist 6, 7).

Each case is a function that begins as it likes and returns the code with which it was ended.
"""

import json
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faults.federation import Federation
from faults.liar import FILES, LISTENER, Closed, Liar
from faults.nodes import HONEST, REVOKED, WAITING, YANTA
from faults.report import Outcome

Case = Callable[[Federation, Liar], int]
FORBIDDEN, UNKNOWN, WITHDRAWN, HUNG_UP = 4400, 4401, 4403, 1006


def dial(made: Federation, node: str = HONEST, **options) -> Liar:
    """A connection in the name of this node, with its key or a fresh one."""
    key = made.liars.get(node) or Ed25519PrivateKey.generate()
    return Liar(node, key, made.city.port, **options)


def _with_name(node: str) -> Case:
    def case(_made: Federation, liar: Liar) -> int:
        liar.hello(node=node)
        return liar.closed()

    return case


def _with_key(key: Callable[[Federation], Ed25519PrivateKey], node: str = HONEST) -> Case:
    def case(made: Federation, liar: Liar) -> int:
        liar.key = key(made)
        liar.hello(node=node)
        liar.prove()
        return liar.closed()

    return case


def _with_hello(**fields) -> Case:
    def case(_made: Federation, liar: Liar) -> int:
        liar.hello(**fields)
        return liar.closed()

    return case


def _with_proof(signature: str) -> Case:
    def case(_made: Federation, liar: Liar) -> int:
        liar.hello()
        liar.prove(signature=signature)
        return liar.closed()

    return case


def _first(frame: dict | str) -> Case:
    def case(_made: Federation, liar: Liar) -> int:
        liar.say(frame)
        return liar.closed()

    return case


def replayed_session(made: Federation, liar: Liar) -> int:
    """Hello and proof of a session that was good, once more."""
    with dial(made) as first:
        first.open()
        hello, proof = first.mine, first.proof()
    liar.say(hello)
    liar.say({"kind": "prove", "signature": proof})
    return liar.closed()


def spliced_hello(made: Federation, liar: Liar) -> int:
    """A proof over the hello that the node said on another connection."""
    with dial(made) as other:
        other.hear("hello")
        liar.hello()
        liar.prove(signature=liar.proof(theirs=other.heard[-1]))
        return liar.closed()


def mirrored_proof(_made: Federation, liar: Liar) -> int:
    """The node's own proof, sent back."""
    liar.hello()
    liar.say({"kind": "prove", "signature": liar.hear("prove")["signature"]})
    return liar.closed()


def relayed_proof(made: Federation, liar: Liar) -> int:
    """In the name of a district, with the proof that the node itself gave on another connection."""
    with dial(made) as other:
        other.hello()
        liar.hello(node=YANTA)
        liar.prove(signature=other.hear("prove")["signature"])
        return liar.closed()


def proof_of_the_other_role(_made: Federation, liar: Liar) -> int:
    """A dialler that signs as who is dialled."""
    liar.hello()
    liar.prove(signature=liar.proof(role=LISTENER))
    return liar.closed()


def proof_of_another_purpose(_made: Federation, liar: Liar) -> int:
    """A proof that was meant for the connection of files."""
    liar.hello()
    liar.prove(signature=liar.proof(purpose=FILES))
    return liar.closed()


def second_hello(_made: Federation, liar: Liar) -> int:
    """Two hellos."""
    liar.hello()
    liar.say(liar.mine)
    return liar.closed()


def prove_before_hello(_made: Federation, liar: Liar) -> int:
    """A proof of nothing."""
    liar.say({"kind": "prove", "signature": "00" * 64})
    return liar.closed()


def hello_after_the_proof(_made: Federation, liar: Liar) -> int:
    """A second handshake on a connection that has one."""
    liar.open()
    liar.say(liar.mine)
    return liar.closed()


CASES: dict[str, tuple[Case, int]] = {
    "a node that was never paired": (_with_name("xian-nobody"), UNKNOWN),
    "a key that nobody knows": (_with_key(lambda _m: Ed25519PrivateKey.generate()), UNKNOWN),
    "the key of another paired node": (_with_key(lambda made: made.liars[HONEST], YANTA), UNKNOWN),
    "a pairing that nobody confirmed": (_with_name(WAITING), UNKNOWN),
    "a pairing that was revoked": (_with_name(REVOKED), WITHDRAWN),
    "a replayed session": (replayed_session, UNKNOWN),
    "a hello of another connection": (spliced_hello, UNKNOWN),
    "the node's own proof": (mirrored_proof, UNKNOWN),
    "the node's proof in the name of another": (relayed_proof, UNKNOWN),
    "a proof of the other role": (proof_of_the_other_role, UNKNOWN),
    "a proof of another purpose": (proof_of_another_purpose, UNKNOWN),
    "the name of the node itself": (_with_name("xian"), UNKNOWN),
    "a signature of zeros": (_with_proof("00" * 64), UNKNOWN),
    "a signature that is none": (_with_proof("zz" * 64), FORBIDDEN),
    "no signature": (_with_proof(""), FORBIDDEN),
    "another protocol": (_with_hello(protocol=1), FORBIDDEN),
    "a short nonce": (_with_hello(nonce="00"), FORBIDDEN),
    "a clock that is none": (_with_hello(clock="yesterday"), FORBIDDEN),
    "a field too many": (_with_hello(cookie="1"), FORBIDDEN),
    "two hellos": (second_hello, FORBIDDEN),
    "a proof before the hello": (prove_before_hello, FORBIDDEN),
    "a hello after the proof": (hello_after_the_proof, FORBIDDEN),
    "a batch before the proof": (
        _first({"kind": "batch", "items": [], "upto": 1, "last": ""}),
        FORBIDDEN,
    ),
    "a resume before the proof": (
        _first({"kind": "resume", "epoch": "", "after": 0, "last": ""}),
        FORBIDDEN,
    ),
    "no JSON": (_first("hello"), FORBIDDEN),
    "a list": (_first("[]"), FORBIDDEN),
    "a frame of no known kind": (_first(json.dumps({"kind": "open", "x": 1})), FORBIDDEN),
    "a kind that is no text": (_first('{"kind":["hello"]}'), FORBIDDEN),
    "a depth of 20,000": (_first("[" * 20_000 + "]" * 20_000), FORBIDDEN),
    "a number of 4,000 digits": (_first('{"kind":' + "9" * 4_000 + "}"), FORBIDDEN),
    "more than 64 KiB before the proof": (_first('{"kind":"' + "x" * 70_000 + '"}'), HUNG_UP),
}


def ended_with(made: Federation, name: str) -> int:
    """How the node ended the session of this case."""
    case, _code = CASES[name]
    with dial(made) as liar:
        try:
            return case(made, liar)
        except Closed as closed:
            return closed.code


def browser_headers(made: Federation) -> list[int]:
    """The door of links for what a browser brings: refused before anything is said."""
    told = []
    for headers in ({"Origin": f"http://127.0.0.1:{made.city.port}"}, {"Cookie": "bt-xian=1"}):
        try:
            dial(made, additional_headers=headers).socket.close()
            told.append(101)
        except Closed as closed:
            told.append(closed.code)
    return told


def handshakes(made: Federation) -> Outcome:
    """Every case; then an honest session still begins."""
    outcome = Outcome("handshakes", f"{len(CASES)} cases refused, each with its code")
    refused = 0
    for name, (_case, code) in CASES.items():
        told = ended_with(made, name)
        refused += told == code
        outcome.require(told == code, f"{name}: {told} instead of {code}")
    outcome.require(browser_headers(made) == [403, 403], "what a browser brings was taken")
    with dial(made) as liar:
        outcome.require(liar.open()["kind"] == "resume", "an honest session does not begin")
    outcome.measured = {"refused": refused}
    return outcome
