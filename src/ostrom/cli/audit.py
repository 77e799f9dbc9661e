"""`ostrom audit`: the main job, from a subject to a report."""

from __future__ import annotations

import typer

from ._options import (
    Assignments,
    Cell,
    Certified,
    Gate,
    Learner,
    Output,
    Precision,
    Preset,
    Principals,
    Repeat,
    RunWorld,
    Seed,
    Seeds,
    Steps,
    Subject,
    Under,
)


def audit(
    subject: Subject,
    assignments: Assignments = None,
    under: Under = None,
    repeated: Repeat = None,
    principals: Principals = None,
    precision: Precision = None,
    cell: Cell = None,
    preset: Preset = None,
    learner: Learner = None,
    steps: Steps = None,
    seeds: Seeds = None,
    world: RunWorld = None,
    output: Output = None,
    certificate: Certified = None,
    seed: Seed = 0,
    gate: Gate = False,
) -> None:
    """Diagnose, look for what would mend it, and check whether that holds.

    Of a world: diagnose by trained corners, and check whether those who play there stand among strangers.
    """
    from ..reports._audit_world import audit_world
    from ..reports.audit import audit
    from ._in_world import WorldOptions, find_world, say_time
    from ._output import certify, deliver, progress, refuse_unwritable
    from ._subject import find, refuse_cell, refuse_for_repeated

    refuse_unwritable(output, subject, certificate)
    asked = WorldOptions(preset, learner, steps, seeds, world)
    games = {"principals": principals, "precision": precision, "cell": cell, "certificate": certificate}
    games["repeated"] = repeated
    with progress() as stage:
        place = find_world(subject, assignments, under, asked, **games)
        if place is not None:
            say_time(place, "audit", stage)
            told = {"title": place.title, "seed": seed, "progress": stage, **place.budget}
            seen = audit_world(place.world, place.run, **told)
        else:
            refuse_for_repeated(repeated, principals=principals, precision=precision, certificate=certificate)
            found = find(subject, assignments, under, principals, precision, repeated)
            refuse_cell(found, cell)
            seen = audit(found, cell=cell, seed=seed, progress=stage)
    deliver(seen, output)
    certify(seen.certificate, certificate)
    if gate and any(claim.verdict == "refuted" for claim in seen.claims):
        raise typer.Exit(1)
