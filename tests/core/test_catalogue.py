"""Names become classes: found by file name, made from text, refused in sentences."""

import importlib
import itertools
import math
import sys
import textwrap
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ostrom
from ostrom.core import catalogue
from ostrom.core.catalogue import build, make, member, names, rooms_with, spelled
from ostrom.core.errors import InputError, MissingExtra, UnknownName
from ostrom.core.institution import Institution
from ostrom.core.parameters import parameters, split
from ostrom.core.rooms import rooms

FILES = {
    "__init__.py": """
        from ostrom.core.rooms import open_room
        __getattr__, __dir__ = open_room(__name__)
        """,
    "public_fine.py": """
        from typing import Annotated, ClassVar, Literal
        from ostrom.core.institution import Around, Institution
        from ostrom.core.record import Interval

        class PublicFine(Institution):
            scope: ClassVar[str] = "additive"
            rate: Annotated[float, Interval(ge=0, le=5)]
            on: str = "harvest"
            times: int = 1
            upto: float | None = None
            loud: bool = False
            how: Literal["flat", "steep"] = "flat"
            weights: tuple[float, ...] = ()
            steps: Annotated[int, Interval(ge=1)] = 1
        """,
    "enforced.py": """
        from ostrom.core.institution import Around

        class Enforced(Around):
            caught: float = 1.0
        """,
    "vcg.py": "class VCG:\n    pass\n",
    "greet.py": """
        def greet(players: int = 2, *extra, whom=None, **options):
            if players < 0:
                raise ValueError("nobody to greet")
            return f"{players} {whom!r}"

        def greet_all():
            return "all"
        """,
    "needy.py": 'raise ModuleNotFoundError("jax", name="jax")\n\nclass Needy:\n    pass\n',
    "boom.py": 'raise RuntimeError("this file must not be imported")\n\nclass Boom:\n    pass\n',
    "lake.py": """
        from __future__ import annotations
        from typing import Annotated
        from ostrom.core.record import Interval
        from ._shared import Base

        class Lake(Base):
            def __init__(self, players: Annotated[int, Interval(ge=2, le=9)] = 4, *, growth: float | str = 1.5):
                self.players, self.growth = players, growth
        """,
    "drawn_lake.py": """
        from __future__ import annotations
        from dataclasses import dataclass
        from ._shared import Base

        @dataclass(frozen=True)
        class DrawnLake(Base):
            players: int = 4
        """,
    "_shared.py": """
        from __future__ import annotations
        from dataclasses import dataclass
        from fractions import Fraction as Share

        @dataclass(frozen=True)
        class Base:
            shares: tuple[Share, ...] = ()
        """,
}
_numbers = itertools.count()


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A room of its own, found because its folder is on the package's path."""
    name = f"toys{next(_numbers)}"
    (tmp_path / "house" / name).mkdir(parents=True)
    for file, body in FILES.items():
        (tmp_path / "house" / name / file).write_text(textwrap.dedent(body), encoding="utf-8")
    monkeypatch.setattr(ostrom, "__path__", [*ostrom.__path__, str(tmp_path / "house")])
    return name


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty current folder; what is imported from it is forgotten afterwards."""
    here, before = tmp_path / "here", set(sys.modules)
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield here
    for name in set(sys.modules) - before:
        if str(here) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_members_are_found_without_importing_any(room):
    assert names(room) == ("boom", "drawn_lake", "enforced", "greet", "lake", "needy", "public_fine", "vcg")
    assert room in rooms()
    assert not [name for name in sys.modules if name.startswith(f"ostrom.{room}.")]


@pytest.mark.parametrize("spelling", ["public_fine", "PublicFine", "public-fine", "PUBLIC_FINE"])
def test_every_spelling_of_a_name_is_the_same_member(room, spelling):
    assert member(room, spelling).__name__ == "PublicFine"
    assert room in rooms_with(spelling)


def test_capitals_of_the_class_are_its_own(room):
    assert member(room, "vcg").__name__ == "VCG"


def test_core_and_the_command_line_are_no_rooms():
    assert not {"core", "cli", "lab"} & set(rooms())
    assert {"games", "institutions", "solvers"} <= set(rooms())


def test_attributes_of_a_room_are_its_definitions_and_its_files(room):
    package = importlib.import_module(f"ostrom.{room}")
    assert package.PublicFine is member(room, "public_fine")
    assert package.public_fine.PublicFine is package.PublicFine
    assert package.greet_all() == "all"
    assert {"PublicFine", "VCG", "greet", "greet_all", "public_fine"} <= set(dir(package))
    for missing in ("publicfine", "Base", "nothing"):
        with pytest.raises(AttributeError, match=missing):
            getattr(package, missing)


def test_a_function_named_as_its_file_is_meant_whatever_was_imported_before(room):
    package = importlib.import_module(f"ostrom.{room}")
    importlib.import_module(f"ostrom.{room}.greet")
    assert package.greet(3) == "3 None"
    assert sys.modules[f"ostrom.{room}.greet"].greet is package.greet


def test_text_becomes_a_member_with_its_parameters(room):
    text = "public_fine:rate=1/4, on=catch,times=3,upto=inf,loud=yes,how=steep,weights=(1, 2/5),steps=2"
    made = build(room, text, Institution)
    assert (made.rate, made.on, made.times, made.upto) == (0.25, "catch", 3, math.inf)
    assert (made.loud, made.how, made.weights, made.steps) == (True, "steep", (1.0, 0.4), 2)
    assert build(room, "PublicFine:rate=2,upto=none").upto is None


def test_an_institution_can_be_a_parameter_of_another(room):
    made = build(room, "enforced:rule=(public_fine:rate=2,on=catch),caught=0.5", Institution)
    assert (made.rule.rate, made.rule.on, made.caught) == (2.0, "catch", 0.5)


def test_a_missing_optional_part_is_named_with_its_install_line(room):
    with pytest.raises(MissingExtra, match=r"pip install 'ostrom\[worlds\]'"):
        member(room, "needy")


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("public_fin:rate=1", UnknownName, "Did you mean public_fine?"),
        ("public_fine:rat=1", UnknownName, "no parameter of PublicFine called 'rat'. Did you mean rate?"),
        (
            "public_fine:rate=high",
            InputError,
            "rate=high is not a number. .* a number from 0 to 5",
        ),
        ("public_fine:rate=nan", InputError, "rate=nan is not a number"),
        ("public_fine:rate=1/0", InputError, "rate=1/0 is not a number"),
        ("public_fine:rate=9", InputError, "rate=9 is out of range"),
        ("public_fine:rate=1,steps=0", InputError, "a whole number of at least 1"),
        ("public_fine:rate=1,times=1.5", InputError, "times=1.5 is not a whole number"),
        ("public_fine:rate=1,loud=perhaps", InputError, "loud=perhaps is not yes or no"),
        ("public_fine:rate=1,how=round", InputError, "how=round is not one of flat, steep"),
        ("public_fine:rate=1,upto=x", InputError, "upto=x is not a number or none"),
        ("public_fine:rate=1,weights=(1,b)", InputError, r"is not a list like \(1, 2, 3\)"),
        ("public_fine:rate=1,rate=2", InputError, "given rate twice"),
        ("public_fine", InputError, "PublicFine is missing rate.*rate=a number from 0 to 5"),
        ("public_fine:", InputError, "does not name a"),
        (":rate=1", InputError, "does not name a"),
        ("public_fine:PublicFine", InputError, "':' stands only before them"),
        ("greet:players=-1", InputError, r"greet\(players=-1\) cannot be made: nobody to greet"),
        ("greet", InputError, "greet makes a str. What is needed here is an instance of Institution"),
        ("enforced:rule=vcg", InputError, "vcg makes a VCG"),
    ],
)
def test_what_cannot_be_made_is_said(room, text, error, said):
    with pytest.raises(error, match=said):
        build(room, text, Institution)


def test_a_room_that_is_not_there():
    with pytest.raises(UnknownName, match=r"Did you mean games\?"):
        names("game")


def test_parameters_of_a_plain_function(room):
    greet = member(room, "greet")
    assert list(parameters(greet)) == ["players", "whom"]
    assert make(room, greet, ["players=4", "whom=2.5"]) == "4 2.5"
    assert make(room, greet, ["whom=Ann"]) == "2 'Ann'"


def test_parameters_of_a_class_are_those_of_its_signature(room):
    lake = member(room, "lake")
    assert [(p.name, p.type, p.required) for p in parameters(lake).values()] == [
        ("players", int, False),
        ("growth", float | str, False),
    ]
    assert (make(room, lake, ["players=7"]).players, make(room, lake, ["growth=fast"]).growth) == (7, "fast")
    with pytest.raises(InputError, match=r"players=1 is out of range.* Lake takes players as a whole number from 2"):
        make(room, lake, ["players=1"])
    assert list(parameters(member(room, "drawn_lake"))) == ["shares", "players"]


def test_a_class_in_the_current_folder(room, folder):
    (folder / "their_rule.py").write_text(
        "from ostrom.core.institution import Institution\nclass Rule(Institution):\n    rate: float = 1.0\n"
    )
    made = build(room, "their_rule.Rule:rate=0.4", Institution)
    assert (type(made).__name__, made.rate) == ("Rule", 0.4)
    with pytest.raises(UnknownName, match=r"no class in their_rule called 'Rul'\. Did you mean Rule\?"):
        member(room, "their_rule.Rul")


def test_a_file_in_the_current_folder_does_not_hide_an_installed_one(room, folder):
    (folder / "fractions.py").write_text("class Fraction: pass\n")
    assert member(room, "fractions.Fraction") is Fraction


def test_a_file_that_is_not_there_or_does_not_load(room, folder):
    (folder / "broken.py").write_text("class Rule(:\n")
    (folder / "hungry.py").write_text("import not_installed_anywhere\n")
    with pytest.raises(InputError, match=r"no module called 'missing_rule'.*current folder"):
        member(room, "missing_rule.Rule")
    with pytest.raises(InputError, match="broken could not be imported: SyntaxError"):
        member(room, "broken.Rule")
    with pytest.raises(InputError, match=r"hungry could not be imported: ModuleNotFoundError.*not_installed_anywhere"):
        member(room, "hungry.Rule")


def test_other_packages_add_members_by_entry_point(room, folder, monkeypatch):
    about = folder / "their_package-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: their-package\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[ostrom.{room}]\nlottery = their_package:Lottery\nlost = gone:Lost\n")
    (folder / "their_package.py").write_text("class Lottery:\n    pass\n")
    monkeypatch.syspath_prepend(folder)
    catalogue._installed.cache_clear()
    assert {"lottery", "lost"} <= set(names(room))
    assert member(room, "Lottery").__module__ == "their_package"
    with pytest.raises(InputError, match="no module called 'gone'"):
        member(room, "lost")
    catalogue._installed.cache_clear()


@given(st.lists(st.text(alphabet="ab12=./", min_size=1), min_size=1))
def test_what_is_joined_by_commas_splits_into_the_same_pieces(pieces):
    assert split(",".join(pieces)) == tuple(pieces)
    nested = f"({','.join(pieces)})"
    assert split(f"{nested},{nested}") == (nested, nested)


@given(st.text())
def test_any_text_is_made_or_refused_in_a_sentence(text):
    with pytest.raises(InputError):
        build("games", f"{text}#:no=1")


def test_parameters_that_fell_out_of_their_brackets_are_named():
    with pytest.raises(InputError, match="brackets of its own"):
        build("institutions", "constitution:articles=(tax:on=D,rate=3)")


def test_of_the_wrong_kind_the_right_ones_are_named():
    from ostrom.audits._repeated_case import RepeatedAudit

    with pytest.raises(InputError) as refusal:
        build("audits", "equilibria", RepeatedAudit)
    assert "sustained" in refusal.value.do
    assert "equilibria" not in refusal.value.do


@pytest.mark.parametrize(
    "text",
    [
        "enforced:rule=(fines:schedule=((*,D,5.0)),shared=false),detection=0.4",
        "lapses:rule=(lapses:rule=(tax:rate=2.0),odds=0.2),odds=0.3",
        "constitution:articles=((tax:rate=3.0),(ban:moves=((*,D)))),needed=2,safeguard=3",
    ],
)
def test_rules_within_rules_are_written_as_they_are_read(text):
    made = build("institutions", text)
    assert build("institutions", spelled("institutions", made)) == made
