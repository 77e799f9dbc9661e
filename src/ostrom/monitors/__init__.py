"""What agents say, learn and do together, read from logs and live streams: one question a file."""

from typing import Any

from ostrom.core.rooms import load, open_room

_SHARED = {"Monitor": "_case", "NothingToRead": "_case"}
_member, _members = open_room(__name__)


def __getattr__(name: str) -> Any:
    return getattr(load("monitors", _SHARED[name]), name) if name in _SHARED else _member(name)


def __dir__() -> list[str]:
    return sorted({*_members(), *_SHARED})
