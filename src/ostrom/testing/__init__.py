"""The conformance kit: what a game, an institution or a world of your own has to satisfy."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
