"""What could break an institution, one question a file."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
