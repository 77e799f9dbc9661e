"""Games played over many steps, one Markov game a file. Needs JAX: `pip install 'ostrom[worlds]'`."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
