"""How parties come to act as one, as machines of states and steps: commit, vote, exchange, tell, log."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
