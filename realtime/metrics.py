"""What this process tells Prometheus: open sockets, frames, the place in the log.

Owns: the instruments; they live as long as the process. Promises: counting costs no lock and no
query. Must not know: who asks, what frames say.
"""

from prometheus_client import Counter, Gauge

SOCKETS = Gauge("belltower_feed_sockets", "Feed connections that are live in this process")
POSITION = Gauge("belltower_log_position", "Position of the log up to which this process has read")
FRAMES = Counter("belltower_feed_frames", "Frames of envelopes sent to browsers")
BEHIND = Counter("belltower_feed_behind", "Sockets that did not keep up and were told to resync")
REFUSALS = Counter("belltower_refusals", "Requests, frames and sign-ins that were refused")
LINKS_BROKEN = Counter("belltower_links_broken", "Link sessions ended for what was said in them")
