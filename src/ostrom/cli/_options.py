"""Arguments that several verbs take, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Subject = Annotated[
    str,
    typer.Argument(
        metavar="SUBJECT",
        help="A scenario (see: ostrom list games), a world (ostrom list worlds), a file (.nfg .efg .json .toml .csv "
        ".tntp .soc), a folder of logs or of a training, an import path (their_file.their_game), or - for standard "
        "input.",
        show_default=False,
    ),
]
GameSubject = Annotated[
    str,
    typer.Argument(
        metavar="SUBJECT",
        help="A scenario (see: ostrom list games), a file (.nfg .efg .json .toml .csv .tntp), a folder of "
        "logs, an import path (their_file.their_game), or - for standard input.",
        show_default=False,
    ),
]
Assignments = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME=VALUE", help="Parameters of the subject, like players=6.", show_default=False),
]
Under = Annotated[
    list[str] | None,
    typer.Option(
        "--under",
        metavar="NAME:k=v,…",
        help="Lay an institution round the game: tax:on=harvest,rate=2, or a class of your own, "
        "their_file.Rule:rate=0.4. Again for the next one outside it.",
    ),
]
Repeat = Annotated[
    float | None,
    typer.Option(
        "--repeated",
        metavar="δ",
        help="Play the game again and again, the next round counting δ (0 to below 1) as much, so that rules can "
        "remember; the joint move is then what is wanted in every round.",
    ),
]
Principals = Annotated[
    Path | None,
    typer.Option("--principals", metavar="FILE", help="For whom the agents act, and what they pursue (.toml, .json)."),
]
Precision = Annotated[
    str | None,
    typer.Option("--precision", metavar="λ", help="How well the agents play: above 0; inf is perfect play."),
]
Cell = Annotated[
    str | None,
    typer.Option(
        "--cell", metavar="PATTERN", help="Of logs: only these games, mechanisms or cells (* and ? stand in)."
    ),
]
Output = Annotated[
    list[Path] | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write the report as .html, .json, .svg or .txt. May be repeated."
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="For whatever is sampled. The same seed, the same report.")]
Gate = Annotated[bool, typer.Option("--gate", help="End with exit code 1 when a claim is refuted.")]
Target = Annotated[
    str | None,
    typer.Option(
        "--target", metavar="MOVES", help="The joint move to bring about, one per player, by comma; default the best."
    ),
]
Among = Annotated[
    list[str] | None,
    typer.Option("--among", metavar="NAME", help="Only this approach (tax, fines, quota, advice, …). Again for more."),
]
Seconds = Annotated[float, typer.Option("--seconds", min=0.1, help="Time for each approach that has to search.")]
Margin = Annotated[
    float,
    typer.Option(
        "--margin", metavar="SHARE", help="By how much leaving has to cost, as a share of the largest range of payoffs."
    ),
]
Certified = Annotated[
    Path | None,
    typer.Option("--certificate", metavar="FILE", help="Write the claims with their evidence, for ostrom recheck."),
]
Preset = Annotated[
    str | None,
    typer.Option("--preset", metavar="NAME", help="Of a world: small (where it has one, the default here) or full."),
]
Learner = Annotated[
    str | None,
    typer.Option("--learner", metavar="NAME:k=v,…", help="In a world: who is trained (ostrom list learners)."),
]
Steps = Annotated[int | None, typer.Option("--steps", min=1, help="In a world: steps of each training, in each seed.")]
Seeds = Annotated[
    int | None, typer.Option("--seeds", min=2, help="In a world: trainings of each kind, over which intervals are.")
]
RunWorld = Annotated[
    str | None,
    typer.Option("--world", metavar="WORLD", help="Of a training: its world, where that is a class of your own."),
]
