# What `import ostrom` offers: this file is the list, which `__init__.py` reads to import each thing when it is used.
from . import audits as audits
from . import designers as designers
from . import diagnosis as diagnosis
from . import dynamics as dynamics
from . import formats as formats
from . import games as games
from . import institutions as institutions
from . import reports as reports
from . import societies as societies
from . import solvers as solvers
from . import testing as testing
from . import worlds as worlds
from .core.agent import Agent as Agent
from .core.agent import Look as Look
from .core.claim import Claim as Claim
from .core.claim import Finding as Finding
from .core.delegation import Delegation as Delegation
from .core.errors import InputError as InputError
from .core.errors import OstromError as OstromError
from .core.event import Event as Event
from .core.event import read_events as read_events
from .core.event import write_events as write_events
from .core.forms.normal_form import NormalForm as NormalForm
from .core.forms.symmetric import Symmetric as Symmetric
from .core.game import Fact as Fact
from .core.game import Game as Game
from .core.ground import Ground as Ground
from .core.ground import Part as Part
from .core.institution import Around as Around
from .core.institution import Institution as Institution
from .core.institution import Now as Now
from .core.institution import View as View
from .core.record import Interval as Interval
from .core.replay import replayed as replayed
from .core.society import Session as Session
from .core.solution import Solution as Solution
from .core.world import World as World
from .diagnosis._diagnose import diagnose as diagnose
from .diagnosis.logs import diagnose_log as diagnose_log
from .reports.audit import audit as audit
from .reports.report import report as report

__all__: list[str]
__version__: str
