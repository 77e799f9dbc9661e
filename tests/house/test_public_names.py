"""Every public name can be reached, and says what it is."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import ostrom
from ostrom.core import rooms

MODULES = [found.name for found in pkgutil.walk_packages(ostrom.__path__, "ostrom.") if "._" not in found.name]


@pytest.mark.parametrize("name", ostrom.__all__)
def test_everything_offered_is_there(name):
    assert getattr(ostrom, name) is not None
    assert name in dir(ostrom)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'goverment'"):
        ostrom.goverment  # noqa: B018


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_a_docstring(module):
    loaded = importlib.import_module(module)
    empty = not Path(str(loaded.__file__)).read_text(encoding="utf-8").strip()
    silent = [] if loaded.__doc__ or empty else [module]
    for name, value in vars(loaded).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module:
            continue
        if inspect.isclass(value):
            silent += [f"{name}.{method}" for method in _silent_methods(value)]
        if (inspect.isclass(value) or inspect.isfunction(value)) and not _documented(value):
            silent.append(name)
    assert not silent


def _documented(value):
    generated = f"{value.__name__}("  # what dataclasses write themselves
    return bool(value.__doc__) and not value.__doc__.startswith(generated)


def _silent_methods(cls):
    """Public methods and properties defined in `cls` without a docstring of their own or of what they override."""
    own = {name: value for name, value in vars(cls).items() if not name.startswith("_")}
    kinds = (staticmethod, classmethod, property)
    methods = [name for name, value in own.items() if inspect.isfunction(value) or isinstance(value, kinds)]
    return [name for name in methods if not inspect.getdoc(getattr(cls, name))]


@pytest.mark.parametrize("room", rooms.rooms())
def test_a_room_offers_all_that_it_holds_to_import_star(room):
    package = importlib.import_module(f"ostrom.{room}")
    assert set(rooms.definitions(room)) <= set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert not isinstance(getattr(package, name), ModuleType)


@pytest.mark.parametrize(
    ("room", "names"),
    [("protocols", {"Quorum", "HashChain"}), ("audits", {"Manipulation"}), ("scale", {"Executor", "Serial"})],
)
def test_import_star_brings_what_was_never_used_before(room, names):
    shown = f"from ostrom.{room} import *\nprint(*globals())"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert names <= set(done.stdout.split())


def test_python_dash_m_says_its_version():
    done = subprocess.run([sys.executable, "-m", "ostrom", "--version"], capture_output=True, text=True, check=True)
    assert ostrom.__version__ in done.stdout
