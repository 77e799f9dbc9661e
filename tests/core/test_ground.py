"""Named parts and stages."""

import pytest

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.ground import Ground, Part

BASE = Ground(("ann", "bob"), play=((Part("act", ("C", "D")),),))


def test_the_order_of_time():
    ground = (
        BASE.preceded_by(Part("a", ("x", "y")))
        .layer()
        .preceded_by(Part("b", ("x", "y")))
        .followed_by(Part("z", ("x",)))
    )
    ground = ground.opened_by(Part("o", ("x", "y")))
    assert [part.name for stage in ground.stages for part in stage] == ["o", "b", "a", "act", "z"]


def test_several_stages_keep_their_order():
    ground = BASE.preceded_by(Part("propose", ("x", "y")), Part("sign", ("no", "yes")))
    assert [stage[0].name for stage in ground.before] == ["propose", "sign"]


def test_a_name_taken_below_gets_a_number_and_ones_own_name_still_finds_it():
    once = BASE.opened_by(Part("sign", ("no", "yes"))).layer()
    twice = once.opened_by(Part("sign", ("no", "yes")))
    assert list(twice.parts) == ["sign2", "sign", "act"]
    assert twice.part("sign").name == "sign2"
    assert twice.layer().part("sign").name == "sign"


def test_extending_and_replacing():
    longer = BASE.extended("act", "delegate")
    assert longer.part("act").labels == ("C", "D", "delegate")
    other = BASE.instead_of("act", Part("bid", ("1", "2", "3")))
    assert [part.name for stage in other.play for part in stage] == ["bid"]
    with pytest.raises(InputError, match="already has"):
        BASE.extended("act", "C")


def test_labels_may_differ_between_seats():
    part = Part("act", (("up", "down"), ("left", "middle", "right")))
    assert part.width(2) == 3
    assert part.codes("middle", 2).tolist() == [-2, 1]
    assert part.extended("wait").labels_of(0) == ("up", "down", "wait")


def test_parts_of_some_seats():
    chair = Part("open", ("no", "yes"), who=(0,))
    assert chair.codes("yes", 3).tolist() == [1, -2, -2]


def test_unknown_names_list_what_there_is():
    with pytest.raises(UnknownName, match="act"):
        BASE.part("acr")
    with pytest.raises(UnknownName, match="C, D"):
        BASE.index("act", "Q")


def test_a_part_needs_labels_or_a_range():
    with pytest.raises(InputError, match="no labels and no range"):
        Part("empty")
