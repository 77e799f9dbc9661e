"""Learners in worlds: a learner is a loss and an update, one a file. Needs JAX: `pip install 'ostrom[worlds]'`.

What they share is offered here as well: `Learner`, `train`, `play`, and players that do not learn.
"""

from ostrom.core.rooms import open_room

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
__getattr__, __dir__ = open_room(__name__, _SHARED)
