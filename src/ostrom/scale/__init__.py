"""Where work is done: executors run one function over many tasks, here, in processes beside this one, or on a cluster.

They share one form, `executor.run(function, tasks)`, and give the same results; which one is only a matter of time.
"""

from ostrom.core.rooms import open_room

_SHARED = {"Executor": "_executor"}
__getattr__, __dir__ = open_room(__name__, _SHARED)
