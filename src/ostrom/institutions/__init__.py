"""Institutions: rules that change a game, one a file. `institutions/tax.py` holds `Tax`."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
