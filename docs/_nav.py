"""The navigation and the lists of members, made from the folders: a new page is found because it is there."""

from pathlib import Path

from ostrom.core import catalogue
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.institution import Institution
from ostrom.games import Braess, Cournot
from ostrom.reports.institution import institution
from ostrom.reports.scenario import scenario

ORDER = (
    *("games", "formats", "solvers", "dynamics", "choice", "protocols"),
    *("diagnosis", "designers", "institutions", "audits"),
    *("agents", "worlds", "learners", "societies", "scale", "reports", "testing"),
)
"""In which order a reader meets the folders; one that is not named here comes last."""


def on_nav(nav, config, files):
    """Single pages first, then the folders in the order above; a folder begins with its index page."""
    nav.items.sort(key=_place)
    for section in nav.items:
        if section.is_section:
            section.children.sort(key=lambda page: (page.file.name != "index", page.file.name))
    pages = [page for item in nav.items for page in (item.children if item.is_section else [item])]
    for page, before, after in zip(pages, [None, *pages[:-1]], [*pages[1:], None], strict=True):
        page.previous_page, page.next_page = before, after
    nav.pages[:] = pages
    return nav


def on_page_markdown(markdown, page, config, files):
    """Below the introduction of a folder stands the list of its pages, each with its first sentence.

    A page about an institution has a picture of its example below its first paragraph, one about a scenario a picture
    of the scenario.
    """
    if page.file.src_uri.startswith("games/") and page.file.name in catalogue.names("games"):
        title, first, *rest = markdown.split("\n\n", 2)
        return "\n\n".join([title, first, _scenario(page.file.name), *rest])
    if page.file.src_uri.startswith("institutions/") and page.file.name in catalogue.names("institutions"):
        title, first, *rest = markdown.split("\n\n", 2)
        return "\n\n".join([title, first, _picture(page.file.name), *rest])
    if page.file.name != "index" or page.file.src_uri == "index.md":
        return markdown
    folder = Path(page.file.abs_src_path).parent
    lines = [_entry(path) for path in sorted(folder.glob("*.md")) if path.name != "index.md"]
    return "\n".join([markdown, "", *lines])


def _place(item):
    if not item.is_section:
        return (0, item.file.name != "index", item.file.name)
    folder = item.children[0].file.src_uri.split("/")[0]
    return (1, ORDER.index(folder) if folder in ORDER else len(ORDER), folder)


def _entry(path):
    paragraphs = [block.strip() for block in path.read_text(encoding="utf-8").split("\n\n") if block.strip()]
    title, text = paragraphs[0].lstrip("# "), (paragraphs[1:] or [""])[0]
    sentence = " ".join(text.split()).split(". ")[0].rstrip(".")
    return f"- [{title}]({path.name}): {sentence}."


def _picture(name):
    """A round under the example of an institution, as an SVG picture; a dilemma, where it needs no other game."""
    example = getattr(catalogue.member("institutions", name), "example", name)
    game = {"toll": Braess().atomic(2), "interval_limit": Cournot()}.get(name) or _dilemma()
    drawn = institution(catalogue.build("institutions", example, Institution), game)
    return f'<p class="round">{drawn}</p>'


def _scenario(name):
    """What a scenario looks like as it stands, as an SVG picture."""
    drawn = scenario(catalogue.member("games", name)())
    return f'<p class="round">{drawn}</p>' if drawn else ""


def _dilemma():
    """The prisoner's dilemma with facts by the names that rules like to use."""
    units = {"harvest": (1.0, 3.0), "contribution": (2.0, 0.0), "emission": (0.5, 1.5)}
    facts = [Fact.of_own_move(name, "units", amounts) for name, amounts in units.items()]
    table = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]
    return NormalForm(table, players=("row", "column"), moves=("C", "D"), facts=facts)
