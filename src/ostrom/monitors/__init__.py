"""What agents say, learn and do together, read from logs and live streams: one question a file."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__, {"Monitor": "_case", "NothingToRead": "_case"})
