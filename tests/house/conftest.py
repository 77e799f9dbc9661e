"""What the tests of the house itself share."""

from pathlib import Path

import pytest

ROOMS_WITHOUT_MEMBERS = {"cli", "core", "lab"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def members(root) -> dict[str, list[str]]:
    """Room -> the names of its public files, as the folders have them."""
    rooms = [init.parent for init in sorted((root / "src" / "ostrom").glob("*/__init__.py"))]
    return {
        room.name: sorted(file.stem for file in room.glob("[!_]*.py"))
        for room in rooms
        if room.name not in ROOMS_WITHOUT_MEMBERS
    }
