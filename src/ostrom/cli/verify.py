"""`ostrom verify`: does it hold? Every question to a game under its rules, with exit codes for somebody's checks."""

from __future__ import annotations

from typing import Annotated

import typer

from ._options import Assignments, Certified, Output, Seed, Subject, Target, Under


def verify(
    subject: Subject,
    assignments: Assignments = None,
    under: Under = None,
    target: Target = None,
    audits: Annotated[
        list[str] | None,
        typer.Option(
            "--audit", metavar="NAME:k=v,…", help="Ask only this: equilibria, learners:seeds=64, … Again for more."
        ),
    ] = None,
    seed: Seed = 0,
    output: Output = None,
    certificate: Certified = None,
) -> None:
    """Ask of a game under its rules whether what is wanted really comes about.

    Ends with 0 when every claim holds, 1 when one is refuted, 3 when one is not decided.
    """
    from ..audits._case import Audit
    from ..audits._verify import verify
    from ..core.catalogue import build
    from ._output import certify, deliver, progress, refuse_unwritable
    from ._subject import find_game, joint_move

    refuse_unwritable(output, subject, certificate)
    with progress() as stage:
        game = find_game(subject, assignments, under)
        asked = None if audits is None else [build("audits", text, Audit) for text in audits]
        wanted = joint_move(target)
        seen = verify(game, wanted, audits=asked, seed=seed, progress=stage)
    deliver(seen, output)
    certify(seen.certificate, certificate)
    if seen.verdict in ("refuted", "unknown"):
        raise typer.Exit(1 if seen.verdict == "refuted" else 3)
