"""Where work is done: executors run one function over many tasks, here, in processes beside this one, or on a cluster.

They share one form, `executor.run(function, tasks)`, and give the same results; which one is only a matter of time.
"""

from typing import Any

from ostrom.core.rooms import load, open_room

_SHARED = {"Executor": "_executor"}
_member, _members = open_room(__name__)


def __getattr__(name: str) -> Any:
    return getattr(load("scale", _SHARED[name]), name) if name in _SHARED else _member(name)


def __dir__() -> list[str]:
    return sorted({*_members(), *_SHARED})
