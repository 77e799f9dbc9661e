"""What the repository holds, and that the README, the continuous integration and the packaging say the same."""

import re
import subprocess
import tomllib

import pytest

FOREIGN = [
    *(f"/{folder}/" for folder in ("work", "tmp", "root", "home", "Users", "opt")),
    *("pypi." + "org/simple", "files.python" + "hosted", "--index-" + "url", "--extra-index-" + "url"),
]
"""Places on somebody's machine, and addresses packages are downloaded from."""

LOCKS = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "package-lock.json"}


@pytest.fixture(scope="module")
def tracked(root):
    """What git keeps, or would keep, of this checkout."""
    if not (root / ".git").exists():
        pytest.skip("needs a git checkout; this is an unpacked archive")
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def test_no_lock_files(tracked):
    assert [path.name for path in tracked if path.name in LOCKS] == []


def test_no_places_on_somebodys_machine(tracked, root):
    found = []
    for path in tracked:
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(root)}: {place}" for place in FOREIGN if _mentions(text, place)]
    assert [line for line in found if not line.startswith("tests/house/test_repository.py")] == []


def _mentions(text, place):
    return re.search(rf"(?<![\w.~-]){re.escape(place)}", text) is not None


def test_a_planted_place_is_noticed():
    assert _mentions("see /home/somebody/data", "/home/")
    assert not _mentions("https://example.org/home/page", "/home/")


def test_the_readmes_commands_are_what_ci_runs(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    commands = [line for line in readme.splitlines() if line.startswith("pip install uv && ")]
    assert len(commands) == 2
    assert "ostrom audit prisoners_dilemma" in commands[0]
    assert commands[1].endswith("pytest")
    shown = subprocess.run(["bash", ".ci/run", "--show"], cwd=root, capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines() == commands
    assert "pytest" not in re.sub(r"#.*", "", (root / ".ci" / "run").read_text(encoding="utf-8"))


def test_every_requirement_is_bounded_on_both_sides(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [
        project["build-system"]["requires"],
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    requirements = [line for group in groups for line in group if isinstance(line, str)]
    assert requirements
    assert [line for line in requirements if ">=" not in line or ",<" not in line] == []


def test_the_make_targets_that_the_guide_names_exist(root):
    targets = set(re.findall(r"^(\w+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make (\w+)`", (root / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert named
    assert named <= targets
