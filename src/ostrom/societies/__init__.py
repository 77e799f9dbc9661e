"""Live games: seats taken by people, models and policies, a referee, and a log of everything that happened."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
