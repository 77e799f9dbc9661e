"""A member is one file, one test and one page."""

import pytest

ROOT_FOLDERS = {"page": "docs/{room}/{name}.md", "test": "tests/{room}/test_{name}.py"}


@pytest.mark.parametrize("what", ROOT_FOLDERS)
def test_every_member_has_its(what, root, members):
    expected = [ROOT_FOLDERS[what].format(room=room, name=name) for room in members for name in members[room]]
    assert [path for path in expected if not (root / path).is_file()] == []


def test_every_room_has_an_introduction(root, members):
    assert [room for room in members if not (root / "docs" / room / "index.md").is_file()] == []


def test_every_folder_of_source_is_a_package(root):
    source = root / "src" / "ostrom"
    folders = {file.parent for file in source.rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []
