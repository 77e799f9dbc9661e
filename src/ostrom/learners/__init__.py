"""Learners in worlds: a learner is a loss and an update, one a file. Needs JAX: `pip install 'ostrom[worlds]'`.

What they share is offered here as well: `Learner`, `train`, `play`, and players that do not learn.
"""

from typing import Any

from ostrom.core.rooms import load, open_room

_SHARED = {
    "Learner": "_learner",
    "Space": "_learner",
    "Track": "_learner",
    "Scripted": "_scripted",
    "Trained": "_scripted",
    "Run": "_train",
    "train": "_train",
    "Played": "_play",
    "play": "_play",
    "Recording": "_recording",
    "load_run": "_run_folder",
    "sweep": "_sweep",
    "Sweep": "_sweep_table",
    "Net": "_nets",
}
_member, _members = open_room(__name__)


def __getattr__(name: str) -> Any:
    return getattr(load("learners", _SHARED[name]), name) if name in _SHARED else _member(name)


def __dir__() -> list[str]:
    return sorted({*_members(), *_SHARED})
