"""Records: floats are leaves, the rest is structure, ranges are kept."""

from typing import Annotated

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.institution import Around, Institution
from ostrom.core.record import Interval, Record, parameters_of
from ostrom.institutions.tax import Tax


class Sample(Record):
    """A record with one field of each kind."""

    name: str = "a"
    rate: Annotated[float, Interval(ge=0, le=1)] = 0.5
    count: Annotated[int, Interval(ge=1)] = 2
    maybe: float | None = None
    labels: tuple[str, ...] = ("x",)


def test_floats_are_leaves_and_the_rest_is_structure():
    leaves, structure = Sample(rate=1, maybe=3.0).flatten()
    assert leaves == (1.0, 3.0)
    assert structure == ("a", 2, ("x",))
    assert Sample.unflatten(structure, leaves) == Sample(rate=1.0, maybe=3.0)


def test_a_wrapped_rule_is_a_leaf_too():
    assert Around(rule=Tax("D", 2.0)).flatten()[0] == (Tax("D", 2.0),)


def test_whole_numbers_given_for_floats_become_floats():
    assert isinstance(Sample(rate=1).rate, float)


@pytest.mark.parametrize(("field", "value"), [("rate", 1.5), ("rate", -0.1), ("count", 0), ("rate", float("nan"))])
def test_values_out_of_range_are_refused_with_the_range(field, value):
    with pytest.raises(InputError, match="out of range"):
        Sample(**{field: value})


def test_parameters_are_read_once_from_the_annotations():
    rate = parameters_of(Sample)["rate"]
    assert (rate.default, rate.interval, rate.required) == (0.5, Interval(ge=0, le=1), False)
    assert str(rate.interval) == "0 … 1"


def test_equality_and_hash_go_by_value():
    assert Sample(rate=0.25) == Sample(rate=0.25)
    assert Sample(rate=0.25) != Sample(rate=0.3)
    assert hash(Sample(rate=0.25)) == hash(Sample(rate=0.25))
    assert Sample() != Tax()


def test_records_are_frozen():
    with pytest.raises(AttributeError):
        Sample().rate = 0.1  # type: ignore[misc]


def test_watchers_hear_of_every_record_class_past_and_future():
    heard = []
    Record.watch(heard.append)

    class Later(Institution):
        """Made after the watcher."""

    Record._watchers.remove(heard.append)
    assert Sample in heard
    assert Later in heard


def test_numpy_numbers_are_checked_too():
    with pytest.raises(InputError):
        Sample(rate=np.float64(2.0))
