"""Where the impact gap of a system comes from: its facets, its interests, its equilibria."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
