"""Ways to find the institution that closes a gap, one a file."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
