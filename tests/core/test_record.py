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


class Tabled(Record):
    """A record with an array."""

    table: np.ndarray
    names: tuple[tuple[str, float], ...] = ()


def test_arrays_are_leaves_of_numbers_that_nobody_changes():
    given = np.array([[1, 2], [3, 4]])
    made = Tabled(given)
    given[0, 0] = 9
    assert made.table.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert made.table.dtype == float
    assert made.flatten() == ((made.table,), ((),))
    with pytest.raises(ValueError, match="read-only"):
        made.table[0, 0] = 9


def test_arrays_are_equal_number_by_number_and_records_of_them_are_hashed():
    made = Tabled([[1, 2], [3, 4]])
    assert made == Tabled(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert made != Tabled([[1, 2], [3, 5]])
    assert made != Tabled([1, 2, 3, 4])
    assert hash(made) == hash(Tabled([[1, 2], [3, 4]]))


def test_small_arrays_are_written_out_and_large_ones_are_not():
    made = Tabled([[1, 2], [3, 4]])
    assert repr(made) == "Tabled(table=[[1.0, 2.0], [3.0, 4.0]], names=())"
    assert eval(repr(made)) == made
    assert repr(Tabled(np.zeros((9, 8, 2)))) == "Tabled(table=<float64[9, 8, 2]>, names=())"
    assert repr(Tabled(np.float64(2))) == "Tabled(table=2.0, names=())"


@pytest.mark.parametrize("table", [[[1, 2], [3]], [["a"]], [None, {}]])
def test_what_is_no_array_of_numbers_is_refused(table):
    with pytest.raises(InputError, match="not an array of numbers"):
        Tabled(table)


def test_arrays_of_other_libraries_and_tracers_pass():
    jnp = pytest.importorskip("jax.numpy", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    made = Tabled(jnp.ones((2, 2)))
    assert not isinstance(made.table, np.ndarray)
    assert repr(made) == "Tabled(table=<float32[2, 2]>, names=())"


def test_structure_is_tuples_of_plain_values():
    made = Tabled([0], [["a", np.float64(0.5)], ("b", np.int64(2))])
    assert made.names == (("a", 0.5), ("b", 2))
    assert repr(made) == "Tabled(table=[0.0], names=(('a', 0.5), ('b', 2)))"
    assert hash(made) == hash(Tabled([0], (("a", 0.5), ("b", 2))))


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


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 3),
        ("rate", "half"),
        ("rate", True),
        ("rate", None),
        ("count", 2.5),
        ("count", None),
        ("maybe", "x"),
        ("labels", "x"),
        ("labels", (1,)),
    ],
)
def test_values_of_another_type_are_refused_with_the_type(field, value):
    with pytest.raises(InputError, match=rf"Sample\({field}=.*is not (a|yes)"):
        Sample(**{field: value})


def test_whole_numbers_beyond_every_float_are_out_of_range():
    for field in ("rate", "count"):
        with pytest.raises(InputError, match=r"is out of range"):
            Sample(**{field: -(10**400)})
