"""The command line as somebody waits for it: whole processes, answers asserted, CPU seconds printed.

    python benchmarks/audit.py [--data FOLDER] [--repeat N]

FOLDER holds `tntp/` and `coopeval/`, by default ../shared/data beside the repository; those cases are left out where it
is absent. Prints one JSON object a line; the time is the least of N runs, imports and everything included.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from _timing import Timed, say, timed

DATA = Path(__file__).parents[2] / "shared" / "data"
DENSE = """
import json, sys
import numpy as np
table = np.random.default_rng(0).integers(0, 10, (4, 4, 4, 4, 4, 5))
json.dump({"name": "dense", "payoffs": table.tolist()}, open("dense.json", "w"))
"""


def main() -> None:
    """Run every case and stop at the first that is wrong or too slow."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--data", type=Path, default=DATA)
    given.add_argument("--repeat", type=int, default=3)
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imports(folder, options.repeat)
        games(folder, options.repeat)
        if options.data.is_dir():
            records(folder, options.data.resolve(), options.repeat)


def imports(folder: Path, repeat: int) -> None:
    """What `import ostrom` and `ostrom --help` cost over `import numpy`."""
    base = timed(["-c", "import numpy"], folder=folder, repeat=repeat)
    for case, arguments in (("import ostrom", ["-c", "import ostrom"]), ("ostrom --help", ["-m", "ostrom", "--help"])):
        found = timed(arguments, folder=folder, repeat=repeat)
        say(case, found.cpu, base.cpu + 0.3, numpy_s=round(base.cpu, 2))


def games(folder: Path, repeat: int) -> None:
    """The prisoner's dilemma as text and as HTML, and a dense game of five players with four moves each."""
    text = ostrom(["audit", "prisoners_dilemma"], folder, repeat)
    assert "100" in text.printed
    assert "all of it in conflict" in " ".join(text.printed.split())
    assert "Fines come first, closing 100 % of the gap" in " ".join(text.printed.split())
    assert text.printed.count("PROVED") == 19
    assert text.printed.count("REFUTED") == 0
    say("audit prisoners_dilemma", text.cpu, 5.0)
    page = ostrom(["audit", "prisoners_dilemma", "-o", "report.html"], folder, repeat)
    assert page.printed == text.printed
    assert (folder / "report.html").read_text("utf-8").count("<figure>") == 6
    say("audit prisoners_dilemma -o report.html", page.cpu, 8.0)
    timed(["-c", DENSE], folder=folder, repeat=1)
    dense = ostrom(["audit", "dense.json", "-o", "dense.json.json"], folder, repeat)
    found = json.loads((folder / "dense.json.json").read_text("utf-8"))
    facets = found["diagnosis"]["facets"]
    lost = facets["optimum"] - facets["played"]
    assert abs(facets["intent"] + facets["capability"] + facets["inter_agent"] - lost) < 1e-9 * facets["optimum"]
    first = found["design"]["lines"][0]["proposal"]
    assert first["effects"]["welfare_after"] > first["effects"]["welfare_before"]
    assert {claim["verdict"] for claim in first["claims"]} <= {"proved", "refuted"}
    assert found["verification"]["answers"]["Equilibria"][0]["verdict"] == "proved"
    say("audit of five players with four moves", dense.cpu, 40.0, approach=first["approach"])


def records(folder: Path, data: Path, repeat: int) -> None:
    """A road network and the play of language models, both with pictures."""
    roads = ostrom(["audit", str(data / "tntp" / "SiouxFalls_net.tntp"), "-o", "roads.json"], folder, repeat)
    document = json.loads((folder / "roads.json").read_text("utf-8"))
    found, lines = document["diagnosis"], document["design"]["lines"]
    assert [line["approach"] for line in lines] == ["least tolls", "marginal tolls"]
    assert {claim["verdict"] for claim in document["claims"]} == {"proved"}
    assert all(abs(line["plan"]["after"] / 7_194_256.053 - 1) < 1e-4 for line in lines)
    assert abs(found["equilibrium"]["total_time"] / 7_480_225.345 - 1) < 1e-4
    assert abs(found["optimum"]["total_time"] / 7_194_256.053 - 1) < 1e-4
    say("audit SiouxFalls_net.tntp", roads.cpu, 20.0, price_of_anarchy=round(found["price_of_anarchy"], 4))
    played = ostrom(["audit", str(data / "coopeval"), "-o", "played.html"], folder, 1)
    assert "In matching pennies there is nothing to gain" in " ".join(played.printed.split())
    say("audit coopeval", played.cpu, 30.0)


def ostrom(arguments: list[str], folder: Path, repeat: int) -> Timed:
    """Run the command."""
    return timed(["-m", "ostrom", *arguments], folder=folder, repeat=repeat)


if __name__ == "__main__":
    main()
