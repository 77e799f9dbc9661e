"""The finding itself: how often the field has a value where certain words are said, and how much each carrier tells."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.log import Log
from ._chart_marks import Values, at, mark
from ._monitor_groups import Found, lexicon
from ._monitor_rows import field_of, one_line
from ._page import Picture
from ._theme import LIGHT
from ._words import listed, name, number

MOST = 6
"""Words, and carriers, that are drawn."""


def signs_picture(log: Log, found: Found) -> Picture | None:
    """What the words of a glossary go with, or else which carriers tell; None where the finding offers neither."""
    if entries := [one for one in lexicon(found) if one.get("of")][:MOST]:
        return _words_picture(log, found, entries)
    channels = found.by.get("channels")
    carriers = {} if channels is None else channels.numbers.get("carriers", {})
    bits = {one: told.get("bits", 0.0) for one, told in carriers.items() if told.get("bits", 0.0) > 0.005}
    if not bits:
        return None
    top = sorted(bits.items(), key=lambda item: -item[1])[:MOST]
    rows = [{"what": name(_signed(one, carriers[one])), "share": told, "of": "bits"} for one, told in top]
    words = "; ".join(f"{row['what']}: {number(row['share'], 3)}" for row in rows)
    caption = f"What each sign of {name(found.speaker)} tells by itself."
    return Picture(caption, f"Bits a message. {words}.", _bars(rows, "bits a message", max(bits.values())))


def _signed(carrier: str, told: Any) -> str:
    return f"{carrier}: {told['sign']}" if told.get("sign") else carrier


def _words_picture(log: Log, found: Found, entries: list[Any]) -> Picture:
    column = field_of(log, found)
    mine = np.flatnonzero(log.get("agent").codes == log.get("agent").code(found.speaker))
    mine = mine[log.get("message").present[mine]]
    rows: Values = []
    told = []
    for one in entries:
        what = name(one_line(f"{one['words']!r}: {one['field']} = {one['value']}"))
        share = one["n"] / one["of"]
        rows.append({"what": what, "share": 100 * share, "of": "with these words"})
        told.append(f"{what} in {one['n']} of {one['of']}")
        seen = () if column is None or not column.endswith(one["field"]) else [log[column][k] for k in mine]
        known = [value for value in seen if value is not None]
        if known:
            all_ = sum(str(value) == str(one["value"]) for value in known) / len(known)
            rows.append({"what": what, "share": 100 * all_, "of": "in all messages"})
            told[-1] += f" (in all messages {number(100 * all_, 3)} %)"
    caption = f"What words of {name(found.speaker)} go with, beside all its messages."
    return Picture(caption, f"{listed(told)}.", _bars(rows, "% of messages", 100))


def _bars(rows: Values, title: str, top: float) -> dict[str, Any]:
    domain = list(dict.fromkeys(row["of"] for row in rows))
    colour = {"field": "of", "type": "nominal", "sort": domain,
              "scale": {"domain": domain, "range": [LIGHT["orange"], LIGHT["line"]][: len(domain)]},
              "legend": {"title": None, "orient": "bottom"} if len(domain) > 1 else None}  # fmt: skip
    order = list(dict.fromkeys(row["what"] for row in rows))
    y = {"field": "what", "type": "nominal", "sort": order, "axis": {"title": None, "labelLimit": 260}}
    lane = {"field": "of", "type": "nominal", "sort": domain}
    x = at("share", title=title, scale={"domain": [0, top], "nice": False}, axis={"tickCount": 5})
    encoding = {"x": x, "y": y, "yOffset": lane, "color": colour}
    return {"width": 260, "height": {"step": 14 if len(domain) > 1 else 22}, "layer": [mark("bar", rows, encoding)]}
