"""Readers and writers of games, logs and delegations, one form a file."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
