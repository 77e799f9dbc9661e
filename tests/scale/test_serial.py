"""One after the other, here."""

import pytest

from ostrom.scale import Executor, Serial


def test_in_order_and_only_when_asked():
    begun = []
    results = Serial().run(lambda task: begun.append(task) or -task, [3, 1, 2])
    assert next(results) == (0, -3)
    assert begun == [3]
    assert list(results) == [(1, -1), (2, -2)]
    assert isinstance(Serial(), Executor)
    assert Serial().workers == 1


def test_nothing_to_do():
    assert list(Serial().run(abs, [])) == []


def test_errors_are_those_of_the_function():
    with pytest.raises(ZeroDivisionError):
        list(Serial().run(lambda task: 1 / task, [1, 0]))
