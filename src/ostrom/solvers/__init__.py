"""Solution concepts on finite games, one a file, and one seam to the linear-programming solver."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
