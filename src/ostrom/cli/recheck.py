"""`ostrom recheck`: confirm a certificate in exact arithmetic, without any solver."""

from __future__ import annotations

from typing import Annotated

import typer


def recheck(
    certificate: Annotated[
        str, typer.Argument(metavar="CERTIFICATE", help="A certificate (.json), or - for standard input.")
    ],
) -> None:
    """Check every claim of a certificate again, without a solver.

    What is confirmed is the evidence; what it was stated as, below it, is words.
    Ends with 0 when every claim holds and is confirmed, 1 when one is refuted or wrong, 3 when one is not decided.
    """
    from ..formats.certificate import load_certificate
    from ..reports._words import legible

    found = load_certificate(certificate)
    checked = found.recheck()
    typer.echo(f"{legible(found.subject)} under {legible(found.institution)}\n")
    for one in checked:
        typer.echo(f"{one.answer.upper():11}  {legible(one.evidence or 'no evidence')}")
        for line in filter(None, (one.why, f"stated as {one.verdict}: {one.statement}")):
            typer.echo(f"             {legible(line)}")
    wrong = [one for one in checked if one.answer == "wrong"]
    refuted = [one for one in checked if one.verdict == "refuted"]
    open_ = [one for one in checked if one.answer == "not checked"]
    said = f"{len(checked) - len(wrong) - len(open_)} of {len(checked)} claims confirmed in exact rationals"
    said += f", {len(open_)} not checked" if open_ else ""
    typer.echo(f"\n{said}{f', {len(wrong)} WRONG' if wrong else ''}.")
    if wrong or refuted:
        raise typer.Exit(1)
    if open_ or not checked:
        raise typer.Exit(3)
