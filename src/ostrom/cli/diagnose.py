"""`ostrom diagnose`: where the impact gap comes from, without looking for a remedy."""

from __future__ import annotations

from pathlib import Path

from ._options import Assignments, Cell, Output, Precision, Principals, Seed, Subject, Under


def diagnose(
    subject: Subject,
    assignments: Assignments = None,
    under: Under = None,
    principals: Principals = None,
    precision: Precision = None,
    cell: Cell = None,
    output: Output = None,
    seed: Seed = 0,
) -> None:
    """Say what is lost, why, and what that means."""
    from ..diagnosis._diagnose import diagnose
    from ..diagnosis.logs import diagnose_log
    from ._output import deliver, progress, refuse_unwritable
    from ._subject import find, refuse_cell

    refuse_unwritable(output, subject)
    with progress() as stage:
        found = find(subject, assignments, under, principals, precision)
        refuse_cell(found, cell)
        stage("Looking for what is lost, and why")
        seen = diagnose_log(found, cell, seed=seed) if isinstance(found, Path) else diagnose(found, seed=seed)
    deliver(seen, output)
