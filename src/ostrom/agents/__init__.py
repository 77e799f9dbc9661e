"""Agents that do not learn from payoffs: policies for seats of worlds, one kind a file."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
