"""Scenarios: games with a story, one a file. `games/commons.py` holds `Commons`."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
