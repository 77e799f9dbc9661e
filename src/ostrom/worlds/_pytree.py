"""JAX is told here of records and views, once: their float fields are leaves, everything else is structure."""

import jax

from ..core.institution import View
from ..core.record import Record


def _tell(cls: type[Record]) -> None:
    jax.tree_util.register_pytree_node(cls, lambda record: record.flatten(), cls.unflatten)


Record.watch(_tell)
jax.tree_util.register_dataclass(View, data_fields=["public", "seat"], meta_fields=["hidden"])
