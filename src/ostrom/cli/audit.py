"""`ostrom audit`: the main job, from a subject to a report."""

from __future__ import annotations

import typer

from ._options import Assignments, Cell, Certified, Gate, Output, Precision, Principals, Seed, Subject, Under


def audit(
    subject: Subject,
    assignments: Assignments = None,
    under: Under = None,
    principals: Principals = None,
    precision: Precision = None,
    cell: Cell = None,
    output: Output = None,
    certificate: Certified = None,
    seed: Seed = 0,
    gate: Gate = False,
) -> None:
    """Diagnose, look for what would mend it, and check whether that holds."""
    from ..reports.audit import audit
    from ._output import certify, deliver, progress, refuse_unwritable
    from ._subject import find, refuse_cell

    refuse_unwritable(output, subject, certificate)
    with progress() as stage:
        found = find(subject, assignments, under, principals, precision)
        refuse_cell(found, cell)
        seen = audit(found, cell=cell, seed=seed, progress=stage)
    deliver(seen, output)
    certify(seen.certificate, certificate)
    if gate and any(claim.verdict == "refuted" for claim in seen.claims):
        raise typer.Exit(1)
