"""Road networks in the TNTP format of the Transportation Networks for Research repository: `*_net.tntp` and trips.

Metadata in angle brackets up to `<END OF METADATA>`, then one link per line (init node, term node, capacity, length,
free flow time, b, power, speed, toll, type) or, for trips, blocks `Origin 1` with `2 : 100.0;` per destination; `~`
starts a comment. A link takes `free flow time · (1 + b · (flow / capacity) ** power)`, plus the distance factor times
its length where the metadata give one; its toll is the toll factor (0 unless given) times the toll column. Zones below
the first through node are not passed through. Source: github.com/bstabler/TransportationNetworks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from ostrom.core.errors import InputError
from ostrom.core.forms.latency import Power, bpr
from ostrom.core.forms.network import Link, Network

from ._text import at, bad, load, save, written
from ._tntp_cells import END, amount, cells, count, factor, metadata, whole

COLUMNS = ("init node", "term node", "capacity", "length", "free flow time", "b", "power", "speed", "toll", "type")
TOLERANCE = 0.01
"""Relative difference from the declared total of trips beyond which the file is taken to be damaged."""


def load_tntp(path: str | Path) -> Network:
    """The network of `…_net.tntp` (or of `…_trips.tntp`) with its other half, which lies beside it.

    Nodes are put on a map where `…_node.tntp` lies beside as well. Raises `InputError` naming file and line.
    """
    net, trips, nodes = _beside(Path(path))
    return read_tntp(
        load(net),
        load(trips),
        load(nodes) if nodes.is_file() else "",
        name=net.stem.removesuffix("_net"),
        where=(str(net), str(trips), str(nodes)),
    )


def save_tntp(network: Network, path: str | Path) -> None:
    """Write `…_net.tntp` and, beside it, `…_trips.tntp`; raises `InputError` as `write_tntp` does."""
    net, trips, _ = _beside(Path(path), reading=False)
    for text, place in zip(write_tntp(network), (net, trips), strict=True):
        save(text, place)


def read_tntp(
    net: str,
    trips: str,
    nodes: str = "",
    *,
    name: str = "network",
    where: tuple[str, str, str] = ("the network", "the trips", "the nodes"),
) -> Network:
    """The network in the texts of a net file, a trips file and, if there is one, a node file (coordinates).

    Trips within one zone are left out: they use no road. Raises `InputError` naming `where` and the line for anything
    that is not such a file: counts that do not fit what follows, numbers that are not finite, too few columns.
    """
    meta, lines = metadata(net, where[0])
    zones, last = count(meta, "NUMBER OF ZONES", where[0]), count(meta, "NUMBER OF NODES", where[0])
    declared = count(meta, "NUMBER OF LINKS", where[0])
    through = count(meta, "FIRST THRU NODE", where[0], default=1)
    factors = tuple(factor(meta, f"{kind} FACTOR", where[0]) for kind in ("DISTANCE", "TOLL"))
    links, tolls = [], []
    for line, text in lines:
        with at(where[0], line):
            link, toll = _link(text, last, factors)
        links.append(link)
        tolls.append(toll)
    if len(links) != declared:
        what = f"{len(links)} links stand here, and <NUMBER OF LINKS> says {declared}."
        raise bad(where[0], None, what, "The file is cut short or was changed by hand.", "Compare it with its source.")
    touched = {end for link in links for end in (link.tail, link.head)}
    demands = _trips(trips, where[1], zones)
    closed = sorted((node for node in touched if int(node) < through), key=int)
    places = {node: place for node, place in _places(nodes, where[2]).items() if node in touched}
    with at(where[0]):
        return Network(links, demands, name=name, tolls=tolls, no_through=closed, places=places, unit="time units")


def write_tntp(network: Network) -> tuple[str, str]:
    """The network as the texts of a net file and a trips file; read back, it has the same times and demands.

    Raises `InputError` for places that are not numbered 1, 2, …, for places closed to through traffic that are not
    the first, for drivers who value time differently, and for `Custom` latencies and constants of 0, which the format
    has no room for.
    """
    if len(set(network.pairs)) < len(network.pairs) or (network.values != 1).any():
        raise InputError(
            f"{network.name} has classes of drivers.",
            "A table of trips in TNTP has one number for each pair of places.",
            "Write the network without its classes, or one file of trips for each class.",
        )
    numbers = _numbered(network)
    closed = {numbers[network.nodes[k]] for k in network.no_through}
    if closed != set(range(1, len(closed) + 1)):
        what = f"{network.name} closes places {sorted(closed)[:12]} to through traffic."
        raise InputError(what, "TNTP can close only the first ones.", "Number these 1, 2, ….")
    zones = max(max(numbers[end] for pair in network.pairs for end in pair), len(closed))
    head = {
        "NUMBER OF ZONES": zones,
        "NUMBER OF NODES": max(numbers.values()),
        "FIRST THRU NODE": len(closed) + 1,
        "NUMBER OF LINKS": len(network.links),
        "TOLL FACTOR": 1,
    }
    rows = [_row(link, toll) for link, toll in zip(network.links, network.tolls.tolist(), strict=True)]
    net = _head(head) + "\n~\t" + "\t".join(COLUMNS) + "\t;\n" + "".join(f"\t{row}\t;\n" for row in rows)
    blocks: dict[str, list[str]] = {}
    for (origin, target), trips in zip(network.pairs, network.demand.tolist(), strict=True):
        blocks.setdefault(origin, []).append(f"{target} : {written(trips)};\n")
    body = "".join(f"\nOrigin {origin}\n{''.join(block)}" for origin, block in blocks.items())
    return net, _head({"NUMBER OF ZONES": zones, "TOTAL OD FLOW": written(float(network.demand.sum()))}) + body


def _beside(path: Path, reading: bool = True) -> tuple[Path, Path, Path]:
    """The net, trips and node files that belong together; `InputError` when the trips are not there."""
    stem = re.sub(r"_(net|trips|node)$", "", path.stem)
    net, trips, nodes = (path.with_name(f"{stem}_{part}{path.suffix}") for part in ("net", "trips", "node"))
    if not path.stem.endswith(("_net", "_trips", "_node")):
        net = path
    if reading and net.is_file() and not trips.is_file():
        others = sorted(path.parent.glob("*_trips.tntp"))
        if len(others) != 1:
            raise InputError(
                f"The trips of {str(net)!r} are not beside it.",
                f"A network without trips has no traffic; {str(trips)!r} is not there.",
                "Put the trips file beside the network under this name.",
            )
        trips = others[0]
    return net, trips, nodes


def _link(text: str, last: int, factors: tuple[float, ...]) -> tuple[Link, float]:
    """The link on a line, and its toll in units of time."""
    given = text.replace(";", " ").split()
    if len(given) < len(COLUMNS):
        raise InputError(
            f"there are {len(given)} cells, starting {text[:40]!r}.",
            f"A link has {len(COLUMNS)}: {', '.join(COLUMNS)}.",
            "Complete the line.",
        )
    tail, head = (whole(cell, column, last) for cell, column in zip(given[:2], COLUMNS[:2], strict=True))
    capacity, length, free, b, power, _, toll = (
        amount(cell, column) for cell, column in zip(given[2:9], COLUMNS[2:9], strict=True)
    )
    if tail == head:
        raise InputError(f"the link leads from {tail} to itself.", "No trip uses it.", "Leave the link out.")
    if capacity == 0 and b > 0:
        raise InputError("the capacity is 0.", "Flow over capacity would be infinite.", "Leave the link out.")
    base = bpr(free, capacity or 1.0, b, power)
    latency = Power(base.constant + factors[0] * length, base.slope, base.power, base.scale, base.capacity)
    return Link(str(tail), str(head), latency), factors[1] * toll


def _trips(text: str, where: str, zones: int) -> dict[tuple[str, str], float]:
    """Trips above 0 between different zones."""
    meta, lines = metadata(text, where)
    found: dict[tuple[int, int], float] = {}
    origin = 0
    for line, row in lines:
        with at(where, line):
            if row.lower().startswith("origin"):
                origin = whole(row[len("origin") :], "origin", zones)
                continue
            for target, trips in cells(row, zones):
                if not origin:
                    raise InputError("there are trips before the first origin.", "", "Begin a block with Origin 1.")
                if (origin, target) in found:
                    raise InputError(f"trips from {origin} to {target} stand here a second time.", "", "Keep one.")
                found[origin, target] = trips
    total = math.fsum(found.values())
    if "TOTAL OD FLOW" in meta:
        line, said = meta["TOTAL OD FLOW"]
        with at(where, line):
            declared = amount(said, "total of trips")
        if abs(total - declared) > TOLERANCE * max(declared, total):
            what = f"the trips add up to {total:g}, and <TOTAL OD FLOW> says {declared:g}."
            raise bad(where, line, what, "The file is cut short or was changed by hand.", "Compare it with its source.")
    wanted = {(str(o), str(d)): trips for (o, d), trips in found.items() if trips > 0 and o != d}
    if not wanted:
        raise bad(where, None, "there are no trips between different zones.", "Nobody drives.", "Check the file.")
    return wanted


def _places(text: str, where: str) -> dict[str, tuple[float, float]]:
    """Coordinates from lines `node x y`; the line of column names is skipped."""
    places = {}
    for line, raw in enumerate(text.split("\n"), 1):
        given = raw.partition("~")[0].replace(";", " ").split()
        if given and not given[0][0].isalpha():
            with at(where, line):
                if len(given) < 3:
                    raise InputError(f"there are {len(given)} cells.", "A place is node, x, y.", "Complete the line.")
                node = whole(given[0], "node", 10**9)
                places[str(node)] = (amount(given[1], "x", least=-math.inf), amount(given[2], "y", least=-math.inf))
    return places


def _numbered(network: Network) -> dict[str, int]:
    if not all(re.fullmatch("[1-9][0-9]{0,8}", node) for node in network.nodes):
        what = f"{network.name} has places called {', '.join(network.nodes[:6])}."
        raise InputError(what, "TNTP numbers its places.", "Name them 1, 2, ….")
    return {node: int(node) for node in network.nodes}


def _row(link: Link, toll: float) -> str:
    latency = link.latency
    if not isinstance(latency, Power) or (latency.constant == 0 and latency.slope > 0):
        raise InputError(
            f"Link {link.name} has a travel time that TNTP cannot say.",
            "It writes free flow time · (1 + b · (flow / capacity) ** power), with a free flow time above 0.",
            "Give it a BPR time, or a small constant.",
        )
    b = latency.slope / latency.constant if latency.slope else 0.0
    numbers = (latency.scale, 0.0, latency.constant, b, latency.power, 0.0, toll)
    return "\t".join([link.tail, link.head, *map(written, numbers), "1"])


def _head(tags: Mapping[str, object]) -> str:
    return "".join(f"<{tag}> {value}\n" for tag, value in tags.items()) + f"<{END}>\n"
