"""Learners in worlds: a learner is a loss and an update, one a file. Needs JAX: `pip install 'ostrom[worlds]'`."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
