"""Who says two things is held to both, and nobody else: what signatures add to a quarrel about who said what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from ..core.errors import InputError, MissingExtra
from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval
from ._rows import as_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

State = tuple[str, int]
OPEN, SILENT, ACQUITTED, CONDEMNED = range(4)


class SignedStatements(Protocol):
    """A speaker tells each listener A or B; they compare, and the last of them may accuse it before a judge.

    An honest speaker says the same to all. With signatures an accusation is two statements that contradict each other,
    both of which only the speaker can have made: so who said two things is condemned, and who did not cannot be.
    Without them it is word against word, and a judge either believes who accuses, or does not.

    A state is what was said, to one listener after the other, and what came of it.

    Parameters
    ----------
    listeners : how many there are.
    signed : whether statements are signed.
    believing : whether the judge believes an accusation without signatures.
    prize : what the speaker gets for having said two things, unless it is condemned; each listener loses 1 by it.
    penalty : what the speaker loses when it is condemned. spoils : what the accuser gets then.

    Source: Lamport, Shostak and Pease (1982), signed messages; Haeberlen, Kouznetsov and Druschel, PeerReview (2007).
    """

    listeners: Annotated[int, Interval(ge=2, le=6)] = 2
    signed: bool = True
    believing: bool = True
    prize: Annotated[float, Interval(ge=0)] = 1.0
    penalty: Annotated[float, Interval(ge=0)] = 2.0
    spoils: Annotated[float, Interval(ge=0)] = 0.5

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The speaker and the listeners."""
        return ("speaker", *(f"listener {k + 1}" for k in range(self.listeners)))

    def start(self) -> State:
        """Nothing is said."""
        return ("", OPEN)

    def events(self, state: State) -> list[Step]:
        """Tell the next listener; once all were told, the last one accuses or is silent."""
        said, found = state
        if len(said) < self.listeners:
            name = f"to {len(said) + 1}"
            same = Step("speaker", f"say A {name}", (said + "A", OPEN))
            return [same, Step("speaker", f"say B {name}", (said + "B", OPEN), "equivocate")]
        if found != OPEN:
            return []
        forked, accuser = len(set(said)) > 1, self.parties[-1]
        heard = CONDEMNED if self.signed or self.believing else ACQUITTED
        if forked:
            accuse, keep = (
                Step(accuser, "accuse", (said, heard)),
                Step(accuser, "say nothing", (said, SILENT), "silent"),
            )
            return [accuse, keep]
        keep = Step(accuser, "say nothing", (said, SILENT))
        return [keep] if self.signed else [keep, Step(accuser, "accuse", (said, heard), "lie")]

    def ended(self, state: State) -> bool:
        """Whether it was accused or not."""
        return state[1] != OPEN

    def sees(self, state: State, party: str) -> Any:
        """The speaker what it said, a listener what it was told, and after comparing what all were."""
        said = state[0]
        if party == "speaker" or len(said) == self.listeners:
            return said
        return said[self.parties.index(party) - 1 :][:1]

    def pays(self, state: State) -> tuple[float, ...]:
        """Saying two things pays the speaker, at the listeners' cost, unless it is condemned."""
        said, found = state
        condemned, got_away = found == CONDEMNED, len(set(said)) > 1 and found != CONDEMNED
        speaker = self.prize * got_away - self.penalty * condemned
        lost = [-1.0 * got_away] * self.listeners
        return (speaker, *lost[:-1], lost[-1] + self.spoils * condemned)

    def safety(self) -> Mapping[str, Holds]:
        """The guilty are condemned where who accuses is honest, and the innocent are not."""
        return {
            "who says two things is condemned": self._held,
            "nobody is condemned for what it did not do": lambda state, faulty: (
                state[1] != CONDEMNED or len(set(state[0])) > 1
            ),
        }

    def _held(self, state: State, faulty: frozenset[str]) -> bool:
        guilty = len(set(state[0])) > 1 and state[1] != OPEN
        return not guilty or state[1] == CONDEMNED or self.parties[-1] in faulty


def new_key(seed: bytes | None = None) -> bytes:
    """A private key (Ed25519, 32 bytes): from a seed of 32 bytes, for tests and replays, or from the system's chance.

    Raises `InputError` for a seed of another length, `MissingExtra` without the library.
    """
    if seed is None:
        return _library().Ed25519PrivateKey.generate().private_bytes_raw()
    return _private(seed).private_bytes_raw()


def public_key(key: bytes) -> bytes:
    """What others need to check signatures, 32 bytes."""
    return _private(key).public_key().public_bytes_raw()


def sign(key: bytes, message: bytes) -> bytes:
    """The signature of a message, 64 bytes; the same each time (Bernstein et al. 2012; RFC 8032).

    Sign what a message is about along with it (session, round, seat), so that it cannot be shown elsewhere.
    """
    return _private(key).sign(as_bytes(message, "message"))


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether whoever has the private key signed this message; anything that is no signature is none."""
    from importlib import import_module

    library = _library()
    invalid = import_module("cryptography.exceptions").InvalidSignature
    try:
        known = library.Ed25519PublicKey.from_public_bytes(as_bytes(public, "public key"))
        known.verify(as_bytes(signature, "signature"), as_bytes(message, "message"))
    except (invalid, ValueError) as error:
        if isinstance(error, InputError):
            raise
        return False
    return True


def contradicts(public: bytes, one: tuple[bytes, bytes], other: tuple[bytes, bytes]) -> bool:
    """Whether two `(message, signature)` prove that the key's owner said two different things."""
    return one[0] != other[0] and signed_by(public, *one) and signed_by(public, *other)


def _private(key: bytes) -> Ed25519PrivateKey:
    raw = as_bytes(key, "key")
    if len(raw) != 32:
        raise InputError(f"A key of {len(raw)} bytes.", "A private key has 32.", "Make one by new_key().")
    return _library().Ed25519PrivateKey.from_private_bytes(raw)


def _library() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ModuleNotFoundError:
        raise MissingExtra("cryptography", "signatures") from None
    return ed25519
