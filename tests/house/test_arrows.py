"""The arrows of the house: rooms import downwards, members leave each other alone, heavy libraries stay in place."""

import re
import subprocess
import sys

import grimp
import pytest

ALLOWED = {
    "jax": ("ostrom.worlds", "ostrom.learners", "ostrom.designers.gradient", "ostrom.testing"),
    "highspy": ("ostrom.solvers",),
    "ray": ("ostrom.scale",),
    "typer": ("ostrom.cli",),
    "vl_convert": ("ostrom.reports",),
    **dict.fromkeys(["fastapi", "httpx", "starlette", "uvicorn", "websockets"], ("ostrom.societies", "ostrom.lab")),
}
"""Library -> the only rooms (or files) that import it."""

ONE_SEAM = ("highspy", "ray", "vl_convert")
"""Libraries that a single file stands in front of."""


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("ostrom", include_external_packages=True, cache_dir=None)


@pytest.fixture(scope="module")
def verbs(root):
    """Files that hold what the front door offers: a room's verb may gather the members of its room."""
    offered = (root / "src" / "ostrom" / "__init__.pyi").read_text(encoding="utf-8")
    return {f"ostrom{module}" for module in re.findall(r"^from (\.\w\S*) import", offered, re.MULTILINE)}


def test_arrows_point_down_only(root):
    # In a process of its own, for it takes over what it prints to.
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"
    done = subprocess.run([sys.executable, "-c", lint, root / "pyproject.toml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_members_do_not_import_each_other(graph, members, verbs):
    assert not [chain for room in members for chain in _between_members(graph, room, verbs)]


def test_a_member_that_imports_another_is_noticed():
    planted = grimp.ImportGraph()
    for name in ("a", "a.room", "a.room.one", "a.room.two", "a.room._shared"):
        planted.add_module(name)
    planted.add_import(importer="a.room.one", imported="a.room._shared")
    assert not _between_members(planted, "room", set(), "a")
    planted.add_import(importer="a.room._shared", imported="a.room.two")
    assert _between_members(planted, "room", set(), "a")
    assert not _between_members(planted, "room", {"a.room.one", "a.room._shared"}, "a")


def _between_members(graph, room, verbs, package="ostrom"):
    """Illegal imports within a room: verbs may import members, members what is shared, and nothing the other way."""
    files = graph.find_children(f"{package}.{room}")
    shared = {file for file in files if file.rpartition(".")[2].startswith("_")} - verbs
    lines = {"verbs": files & verbs, "members": files - verbs - shared, "shared": shared}
    layers = [grimp.Layer(*line, independent=name == "members") for name, line in lines.items() if line]
    return graph.find_illegal_dependencies_for_layers(layers=layers)


@pytest.mark.parametrize("library", sorted(ALLOWED))
def test_heavy_libraries_stay_where_they_belong(graph, library):
    importers = graph.find_modules_that_directly_import(library) if library in graph.modules else set()
    assert {module for module in importers if not f"{module}.".startswith(_dotted(ALLOWED[library]))} == set()
    assert library not in ONE_SEAM or len(importers) <= 1


def test_core_needs_numpy_and_the_standard_library_only(graph):
    core = graph.find_descendants("ostrom.core")
    outside = {module for file in core for module in graph.find_modules_directly_imported_by(file)}
    roots = {module.partition(".")[0] for module in outside}
    assert roots - set(sys.stdlib_module_names) <= {"ostrom", "numpy"}


def _dotted(prefixes):
    return tuple(f"{prefix}." for prefix in prefixes)
