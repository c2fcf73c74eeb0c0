"""Ties of one incident: what lies around a point, by every layer of the demo city.

Measured: `gis.selectors.survey` on 200 random points of the built-up city, layers in memory as in
a node that runs: districts and zones, facilities within three rings, nearest fire stations and
hospitals, people in each ring by the 100 m grid. Also both surveys of a report (open and
sensitive layers) in a thread of its own, as a request runs.
Peer: the same answer by plain GeoPandas (sjoin, distance, overlay of grid cells with the ring) on
the same layers in memory, in the same process; both answers are compared, point by point.
Bound by: the people of the widest ring.
"""

from bench.city import Cities
from bench.report import Line, Result, quantile

POINTS, SAMPLE = 200, 40  # the peer takes long: every fifth point


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Both, in one process inside of the node's settings."""
    points, sample = (20, 5) if quick else (POINTS, SAMPLE)
    with cities.fresh() as city:
        found = city.inside("survey", str(points), str(sample))
    ours, peer, report = found["ours"], found["peer"], found["report"]
    lines = [
        Line(
            f"one survey, p{share * 100:.0f}",
            "ms",
            [quantile(ours, share)],
            [quantile(peer, share)],
            target=20 if share == 0.95 else None,
        )
        for share in (0.5, 0.95)
    ]
    lines += [
        Line(f"both surveys of a report, own thread, p{share * 100:.0f}", "ms", [value])
        for share in (0.5, 0.95)
        for value in [quantile(report, share)]
    ]
    lines.append(Line("points with another answer", "", [len(found["differences"])], target=0))
    return Result(
        "ties",
        f"Ties of one incident, {points} points, {sample} of them compared",
        "GeoPandas: sjoin, distance, overlay, same layers in memory, same process",
        lines,
        {
            "layers": found["layers"],
            "compared": "ids and order exactly; metres and people within 1",
            **({"differences": found["differences"][:3]} if found["differences"] else {}),
        },
    )
