"""Learning and evolution on finite games, one rule a file."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
