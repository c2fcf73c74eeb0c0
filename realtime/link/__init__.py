"""Links: how two nodes share one log's facts, lose nothing and leak nothing.

`session.py` holds the whole protocol and touches no network; `consumer.py` and `dial.py` carry it
over WebSockets, `courier.py` as a file. `outgoing.py` says what may go to a peer, `incoming.py`
what is taken in, `items.py` what an envelope looks like on the way and when it is genuine.
"""
