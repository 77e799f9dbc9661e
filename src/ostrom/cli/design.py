"""`ostrom design`: which institution would close the gap, and why that one."""

from __future__ import annotations

from typing import Annotated

import typer

from ._options import (
    Among,
    Assignments,
    Certified,
    Margin,
    Output,
    Precision,
    Principals,
    Seconds,
    Subject,
    Target,
    Under,
)


def design(
    subject: Subject,
    assignments: Assignments = None,
    target: Target = None,
    among: Among = None,
    wish: Annotated[
        list[str] | None,
        typer.Option(
            "--wish",
            metavar="NAME",
            help="learner-proof, coalition-proof, dominant, unique, balanced, voluntary or anonymous. Again for more.",
        ),
    ] = None,
    observed: Annotated[
        str | None,
        typer.Option("--observed", metavar="FACTS", help="What can be seen: facts, by comma; none is nothing."),
    ] = None,
    fine: Annotated[
        float | None, typer.Option("--fine", min=0, help="The most that anybody can be made to pay.")
    ] = None,
    detection: Annotated[
        float, typer.Option("--detection", help="The chance that what should be paid is paid, above 0 and up to 1.")
    ] = 1.0,
    budget: Annotated[float | None, typer.Option("--budget", min=0, help="Money from outside, per round.")] = None,
    under: Under = None,
    principals: Principals = None,
    precision: Precision = None,
    margin: Margin = 0.1,
    seconds: Seconds = 15.0,
    output: Output = None,
    certificate: Certified = None,
) -> None:
    """Find the institution that closes the gap: cheapest, mildest, proved."""
    from ..core.catalogue import split
    from ..core.forms.network import Network
    from ..core.forms.symmetric import Symmetric
    from ..designers._alike import design_alike
    from ..designers._design import LARGEST, design
    from ..designers._roads import design_roads
    from ._output import certify, deliver, progress, refuse_unwritable
    from ._subject import find, joint_move, refuse_for_roads

    refuse_unwritable(output, subject, certificate)
    unlimited = not wish and observed is fine is budget is None
    with progress() as stage:
        found = find(subject, assignments, under, principals, precision)
        refuse_for_roads(found, target=target, among=among, wish=wish, observed=observed, fine=fine, budget=budget)
        seen = (
            design_roads(found, seconds=seconds, progress=stage)
            if isinstance(found, Network)
            else design_alike(found, target=target, among=among, seconds=seconds, progress=stage)
            if isinstance(found, Symmetric) and found.size > LARGEST and unlimited
            else design(
                found,
                joint_move(target),
                among=among,
                wish=wish or (),
                observed=None if observed is None else () if observed == "none" else split(observed),
                fine=fine,
                detection=detection,
                budget=budget,
                margin=margin,
                seconds=seconds,
                progress=stage,
            )
        )
    deliver(seen, output)
    certify(seen.certificate, certificate)
