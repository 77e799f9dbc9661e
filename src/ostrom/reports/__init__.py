"""Results as text, HTML, SVG and JSON: pure functions of what the verbs return."""

from ostrom.core.rooms import open_room

__getattr__, __dir__ = open_room(__name__)
