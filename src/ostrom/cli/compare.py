"""`ostrom compare`: every approach to governance that applies, on one scenario, in one table."""

from __future__ import annotations

from ._options import Among, Assignments, Output, Precision, Principals, Seconds, Seed, Subject, Target


def compare(
    subject: Subject,
    assignments: Assignments = None,
    target: Target = None,
    among: Among = None,
    principals: Principals = None,
    precision: Precision = None,
    seconds: Seconds = 15.0,
    seed: Seed = 0,
    output: Output = None,
) -> None:
    """Run every approach to governance that applies, and set them side by side."""
    from ..core.catalogue import split
    from ..designers._compare import compare
    from ._output import deliver, progress, refuse_unwritable
    from ._subject import find

    refuse_unwritable(output, subject)
    with progress() as stage:
        found = find(subject, assignments, None, principals, precision)
        wanted = None if target is None else split(target)
        seen = compare(found, wanted, among=among, seconds=seconds, seed=seed, progress=stage)
    deliver(seen, output)
