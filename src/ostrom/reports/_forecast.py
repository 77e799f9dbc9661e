"""What an audit of records adds to them: predictions from play without a mechanism alone, and what ours would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..designers.for_logs import OursForLogs, for_logs
from ..designers.restriction import restriction
from ..designers.transfers import transfers
from ..diagnosis.logs import LogDiagnosis
from ..diagnosis.predicted_arms import ArmPredictions, predict_arms

DESIGNS: Mapping[str, Callable[[NormalForm], Any]] = {
    "fines with room": partial(transfers, kind="fines", margin=1.0),
    "fines": partial(transfers, kind="fines", margin=0.1),
    "restriction": restriction,
}
"""What is laid round recorded games, ours first.

Agents that were recorded are imprecise: they follow a lead with odds that grow with its size, and hardly feel one of a
hundredth of the range of payoffs, which is enough for perfect players. So ours lets the target lead by the whole range;
that costs nobody outside the game anything. A tenth is what `design` takes for games without records. Both, and a
restriction, are shown beside it. Ours is fixed here, not picked as the best of those that are predicted.
"""


def forecast(
    folder: str | Path, seen: LogDiagnosis, cell: str | None, seed: int, progress: Callable[[str], object]
) -> tuple[ArmPredictions | None, OursForLogs | None, str]:
    """What was predicted of the diagnosed arms, what our designs would do in their games, or why there is neither."""
    games = {arm.cell.game for arm in seen.arms if arm.realised is not None}
    if not games:
        return None, None, "Nothing was predicted: in these games there is nothing to gain."
    progress("Predicting mechanisms from play without any")
    try:
        made = predict_arms(folder, cell, seen.level, seed)
    except InputError as error:
        return None, None, f"Nothing was predicted: {error.what} {error.why}".strip()
    progress("Predicting what our designs would do")
    here = replace(made, fitted=tuple(arm for arm in made.fitted if arm.cell.game in games))
    return here, for_logs(here, DESIGNS, level=seen.level), ""
