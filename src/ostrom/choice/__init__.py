"""Deciding together: bargaining, allocation and other rules that turn what people want into what is done."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
