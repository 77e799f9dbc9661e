"""`ostrom list` and `ostrom --help`: what there is, without importing it."""

import subprocess
import sys

import ostrom as package
from ostrom.core import catalogue
from ostrom.core.rooms import rooms


def test_everything_that_ships_is_listed(ostrom):
    said = ostrom("list").stdout
    for room in rooms():
        for name in catalogue.names(room):
            assert f"  {name}" in said


def test_one_kind_in_the_singular_or_the_plural(ostrom):
    one, many = ostrom("list", "game"), ostrom("list", "games")
    assert one.stdout == many.stdout
    assert "prisoners_dilemma" in one.stdout
    assert "institutions" not in one.stdout.splitlines()
    assert all(line.count("  ") >= 2 for line in one.stdout.splitlines()[1:])


def test_an_unknown_kind(refused):
    assert "Did you mean games" in refused("list", "gmes")


def test_help_and_version(ostrom):
    said = ostrom("--help").stdout
    assert all(
        f"  {verb} " in said for verb in ("audit", "diagnose", "design", "verify", "compare", "recheck", "list", "show")
    )
    assert ostrom("--version").stdout == f"ostrom {package.__version__}\n"


def test_without_a_verb_there_is_help(ostrom):
    done = ostrom()
    assert "Usage" in done.stdout + done.stderr


def test_help_imports_no_solver_and_no_pictures():
    listed = "from ostrom.cli._app import app\napp(['list'], standalone_mode=False)"
    code = f"import sys\n{listed}\nprint(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "ostrom.cli.list" in loaded
    assert not loaded & {
        "highspy",
        "scipy",
        "vl_convert",
        "rich.console",
        "ostrom.games.braess",
        "ostrom.reports.audit",
    }
