"""`ostrom compare`: every approach to governance that applies, on one scenario, in one table."""

from __future__ import annotations

from typing import Annotated

import typer

from ._options import Among, Assignments, GameSubject, Margin, Output, Precision, Principals, Seconds, Seed, Target

Weight = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="PART=NUMBER",
        help="What a part of the burden counts: forbidden, money, cost, information, harm, risk, wishes. Again.",
    ),
]

Beside = Annotated[
    list[str] | None,
    typer.Option(
        "--beside",
        metavar="NAME:k=v,…",
        help="Set a rule of one's own beside them: vote:motion=C, or their_file.Rule:rate=0.4. Again for another line.",
    ),
]


def compare(
    subject: GameSubject,
    assignments: Assignments = None,
    target: Target = None,
    among: Among = None,
    weight: Weight = None,
    beside: Beside = None,
    principals: Principals = None,
    precision: Precision = None,
    margin: Margin = 0.1,
    seconds: Seconds = 6.0,
    seed: Seed = 0,
    output: Output = None,
) -> None:
    """Run every approach to governance that applies, and set them side by side."""
    from ..core.catalogue import build
    from ..core.forms.network import Network
    from ..core.institution import Institution
    from ..designers._compare import compare
    from ..designers._roads import design_roads
    from ._output import deliver, progress, refuse_unwritable
    from ._subject import find, joint_move, refuse_for_roads

    refuse_unwritable(output, subject)
    with progress() as stage:
        found = find(subject, assignments, None, principals, precision)
        refuse_for_roads(found, target=target, among=among, weight=weight, beside=beside)
        if isinstance(found, Network):
            seen = design_roads(found, seconds=seconds, progress=stage)
        else:
            seen = compare(
                found,
                joint_move(target),
                among=among,
                weights=dict(map(_weighed, weight or ())),
                margin=margin,
                seconds=seconds,
                seed=seed,
                beside=[build("institutions", text, Institution) for text in beside or ()],
                progress=stage,
            )
    deliver(seen, output)


def _weighed(text: str) -> tuple[str, float]:
    """`risk=2` as a name and a number."""
    from ..core.errors import InputError

    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise InputError(
            f"--weight {text} gives no number.", "A weight is written PART=NUMBER.", "Write --weight risk=2."
        ) from None
