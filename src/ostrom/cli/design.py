"""`ostrom design`: which institution would close the gap, and why that one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ._options import (
    Among,
    Assignments,
    Certified,
    Learner,
    Margin,
    Output,
    Precision,
    Preset,
    Principals,
    Seconds,
    Seed,
    Seeds,
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
    inspection: Annotated[
        float | None,
        typer.Option("--inspection", min=0, help="What it costs to inspect one player for a round; with --fine."),
    ] = None,
    repeated: Annotated[
        float | None,
        typer.Option(
            "--repeated", metavar="δ", help="The game is played again and again, and the next round counts δ."
        ),
    ] = None,
    under: Under = None,
    principals: Principals = None,
    precision: Precision = None,
    margin: Margin = 0.1,
    seconds: Seconds = 15.0,
    output: Output = None,
    certificate: Certified = None,
    preset: Preset = None,
    learner: Learner = None,
    other: Annotated[
        list[str] | None,
        typer.Option(
            "--other", metavar="NAME:k=v,…", help="In a world: another learner to verify with. Again for more."
        ),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="FACT", help="In a world: what rules may be laid on. Again for more."),
    ] = None,
    bystander: Annotated[
        list[str] | None,
        typer.Option(
            "--bystander", metavar="NAME=FACT", help="In a world: who has what without a seat. Again for more."
        ),
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", min=1, help="In a world: steps in all, verification included.")
    ] = None,
    seeds: Seeds = None,
    rising: Annotated[
        int | None, typer.Option("--rising", min=1, help="In a world: phases in which a rule's strength rises.")
    ] = None,
    seed: Seed = 0,
    replay: Annotated[
        Path | None,
        typer.Option(
            "--replay", metavar="FILE", help="Of a world: an episode without the rule and one under it, .html."
        ),
    ] = None,
) -> None:
    """Find the institution that closes the gap: cheapest, mildest, proved; in a world, by learners under each rule."""
    from ..core.catalogue import split
    from ..core.forms.network import Network
    from ..core.forms.symmetric import Symmetric
    from ..designers._alike import design_alike
    from ..designers._design import LARGEST, design
    from ..designers._roads import design_roads
    from ._output import certify, deliver, progress, refuse_unwritable
    from ._subject import find, joint_move, refuse_for_roads
    from ._world import concerns_world

    refuse_unwritable(output, subject, certificate)
    among = _named(among)
    of_world = {"preset": preset, "learner": learner, "other": other, "on": on, "bystander": bystander}
    of_world |= {"steps": steps, "seeds": seeds, "rising": rising, "replay": replay}
    if concerns_world(subject, assignments):
        of_games = {"target": target, "wish": wish, "observed": observed, "fine": fine, "budget": budget}
        of_games |= {"inspection": inspection, "repeated": repeated}
        of_games |= {"principals": principals, "precision": precision, "certificate": certificate}
        _refuse(of_games, "games", subject)
        _in_world(subject, assignments, under, among, of_world, seed, output)
        return
    _refuse(of_world, "worlds", subject)
    unlimited = not wish and observed is fine is budget is inspection is repeated is None
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
                inspection=inspection,
                discount=repeated,
                margin=margin,
                seconds=seconds,
                progress=stage,
            )
        )
    deliver(seen, output)
    certify(seen.certificate, certificate)


def _in_world(
    subject: str, assignments: Any, under: Any, among: list[str] | None, asked: dict[str, Any], seed: int, output: Any
) -> None:
    """Search over learners, say what it takes before it begins, and write what was asked for."""
    from ..designers._design import design
    from ..formats._text import save
    from ..reports._page_world_design import world_design_page
    from ..reports.json import json
    from ..reports.replay import replay
    from ._output import deliver, progress, refuse_unwritable
    from ._players import player_from
    from ._world import world_from

    film = asked["replay"]
    if film is not None:
        refuse_unwritable([film], subject)
    world = world_from(subject, assignments, under, asked["preset"])
    options: dict[str, Any] = {name: asked[name] for name in ("on", "steps", "seeds", "rising") if asked[name]}
    if asked["bystander"]:
        options["bystanders"] = dict(_pair(text) for text in asked["bystander"])
    if asked["learner"]:
        options["learner"] = player_from(world, asked["learner"])
    if asked["other"]:
        options["others"] = [player_from(world, text) for text in asked["other"]]
    with progress() as stage:
        found = design(world, among=among, seed=seed, progress=_telling(stage), **options)
    data = [path for path in output or () if path.suffix.lower() == ".json"]
    deliver(world_design_page(found), [path for path in output or () if path not in data])
    for path, content in [(path, json(found)) for path in data] + (
        [] if film is None else [(film, replay(*found.recordings(seed)))]
    ):
        save(content, path)
        typer.echo(f"Written: {path}", err=True)


def _telling(stage: Any) -> Any:
    """Says the plan and the time it will take in lines of their own, and everything else where the last thing was."""

    def tell(said: str) -> None:
        if said.startswith(("Plan: ", "About ")):
            typer.echo(f"{said}", err=True)
        stage(said)

    return tell


def _pair(text: str) -> tuple[str, str]:
    from ..core.errors import InputError

    name, sign, fact = text.partition("=")
    if not (name and sign and fact):
        raise InputError(f"--bystander {text} names nobody.", do="Write NAME=FACT, like buyers=surplus.")
    return name.strip(), fact.strip()


def _named(among: list[str] | None) -> list[str] | None:
    """Names may stand together, by comma, unless they have parameters."""
    return among and [name for text in among for name in ([text] if ":" in text else text.split(","))]


def _refuse(given: dict[str, Any], about: str, subject: str) -> None:
    from ..core.errors import InputError

    names = [name for name, value in given.items() if value]
    if names:
        raise InputError(f"--{names[0]} is about {about}.", f"{subject} is none of them.", "Leave it out.")
