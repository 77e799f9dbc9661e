"""The page on a monitored log: one finding once, the rows it is about, and nothing said that the log does not tell."""

import numpy as np
import pytest

from ostrom import Event, Log, Reading
from ostrom.monitors._monitor import Monitoring
from ostrom.reports._chart_signs import signs_picture
from ostrom.reports._chart_who import between, messages_between, who_picture
from ostrom.reports._monitor_groups import gathered, risks, steps
from ostrom.reports._monitor_rows import events_of, plainly, rows_to_read
from ostrom.reports._page_monitor import evidence, label, monitor_page
from ostrom.reports._words import told_apart
from ostrom.reports.html import html
from ostrom.reports.text import text

STOCKS = ("scarce", "plenty")
FIELD = "tool.stock"


def chat(plain=False, sessions=12):
    """Chats as `openai_chat` reads them: three rows of a source for each session, several events in each."""
    events, rows = [], []
    for k in range(sessions):
        stock = STOCKS[k % 2]
        said = f"It is {stock}." if plain else "All\nwell" + ("!" if k % 2 else ".")
        seen = {"system": "You are the scout.", FIELD: stock}
        events += [
            Event(k, 0, "scout", "observation", ("scout",), {"system": "You are the scout."}),
            Event(k, 1, "user", "message", ("scout",), message="Report."),
            Event(k, 2, "scout", "tool", (), {"system": "You are the scout."}, "look()"),
            Event(k, 3, "scout", "message", (), seen, message=said),
            Event(k, 4, "trader", "tool", (), {"system": "You trade."}, "wait()" if k % 2 else "buy()"),
            Event(k, 5, "clerk", "message", (), {"system": "You file."}, message="Filed."),
        ]
        rows += [3 * k + 1] * 4 + [3 * k + 2, 3 * k + 3]
    return Log.of(events, "chats.jsonl", rows)


def reading(monitor, sentence="Something.", **more):
    given = {"effect": 0.5, "unit": "bits a message", "n": 12, "who": ("scout",), "where": {"channel": "message"}}
    return Reading(monitor, sentence, **{**({} if "e" in more else {"p": 1e-9}), **given, **more})


LEXICON = [
    {"words": ".", "field": FIELD, "value": "scarce", "n": 6, "of": 6},
    {"words": "!", "field": FIELD, "value": "plenty", "n": 6, "of": 6},
]
TOLD = (
    reading("Glossary", numbers={"lexicon": LEXICON}, rows=(1, 7, 13), risks=("information asymmetries",)),
    reading("NewProtocol", e=1e12, where={"channel": "message", "field": f"observation.{FIELD}"}, rows=(1, 7)),
    reading(
        "Channels",
        where={"channel": "message", "field": FIELD, "carrier": "punctuation"},
        numbers={"sign": "the ending", "carriers": {"punctuation": {"bits": 1.0, "sign": "the ending"}}},
        risks=("collusion", "information asymmetries"),
        rows=(1, 7, 13, 19),
    ),
    reading("Influence", who=("scout", "trader"), rows=(1,), risks=("network effects",)),
    reading("WorkingChannel", who=("scout", "trader"), numbers={"tells": {"field": f"observation.{FIELD}"}}),
)


def seen(log, *readings, rest=(), level=0.05):
    return Monitoring("chats.jsonl", (len(log), 4, 12), (*readings, *rest), level, {}, log, stood=tuple(readings))


def page_of(log, *readings, **more):
    return monitor_page(seen(log, *readings, **more))


def tables(page, title):
    return [block for part in page.sections if part.title == title for block in part.blocks]


def test_rows_show_what_the_alarm_is_about_and_not_what_stands_first_in_the_line():
    """Four events stand in each line of a chat; it is the message that alarms about messages point to."""
    log = chat()
    for one in TOLD[:4]:
        assert [log["message"][int(k)] for k in events_of(log, one, 1)] == ["All\nwell."]
    move = reading("imitation", who=("scout", "trader"), where={})
    assert [log["action"][int(k)] for k in events_of(log, move, 2)] == ["buy()"]
    nobody = reading("novelty", who=("ghost",), where={})
    assert len(events_of(log, nobody, 1)) == 3  # what was said or done by whomever, and not what was only seen


def test_rounds_in_one_row_show_the_agents_of_the_alarm():
    events = [Event(0, t, f"p{i}", "act", (), {"pool": 9}, i) for t in range(4) for i in range(4)]
    log = Log.of(events, "runs", np.repeat(np.arange(1, 5), 4))
    loop = reading("Feedback", who=("p1", "p2"), where={"test": "response"}, rows=(2, 2, 3))
    (shown,) = rows_to_read(log, gathered([loop]))
    assert [row[:3] for row in shown.rows] == [(n, who, str(i)) for n in "23" for i, who in ((1, "p1"), (2, "p2"))]


def test_moves_that_are_made_together_stand_together():
    events = [Event(0, t, who, "act", (), {"cost": t}, t) for t in range(3) for who in ("a", "b", "c")]
    screen = reading("screens", who=("a", "c"), where={"screen": "together"}, rows=(4, 7))
    (shown,) = rows_to_read(Log.of(events), gathered([screen]))
    assert [(row[:3]) for row in shown.rows] == [("4", "a", "1"), ("6", "c", "1"), ("7", "a", "2"), ("9", "c", "2")]
    assert "alarm" not in shown.columns
    assert label(screen) == "screens, a and c, together"


def test_imitation_shows_what_was_copied():
    moves = {"model": "xyz", "copier": "wxy"}
    events = [Event(0, t, who, "act", action=moves[who][t]) for t in range(3) for who in moves]
    copied = reading("imitation", who=("model", "copier"), where={}, rows=(4, 6))
    (shown,) = rows_to_read(Log.of(events), gathered([copied]))
    assert shown.columns == ("row", "said or did", "model did before")
    assert shown.rows == (("4", "x", "x"), ("6", "y", "y"))


def test_alarms_about_one_thing_are_one_finding_with_its_rows_of_both_values():
    page = page_of(chat(), *TOLD)
    assert "scout tells tool.stock on 'message' by punctuation (the ending), and trader acts on it" in page.lead
    assert "five monitors" in page.lead
    (shown,) = tables(page, "Rows to read")
    said, known, then, alarm = (shown.columns.index(one) for one in shown.columns[1:])
    assert shown.columns[then] == "then trader did"
    assert [row[known].split(",")[0] for row in shown.rows] == [f"{FIELD} = {value}" for value in STOCKS] * 4
    assert [row[then] for row in shown.rows] == ["buy()", "wait()"] * 4
    assert "channels" in shown.rows[0][alarm]
    assert shown.rows[1][alarm] == "beside them"  # no alarm points to what is said of the other value
    assert {row[said] for row in shown.rows} == {"All ⏎ well.", "All ⏎ well!"}


def test_other_speakers_channels_and_kinds_are_findings_of_their_own():
    clerk = reading("Glossary", who=("clerk",), numbers={"lexicon": LEXICON})
    loop = reading("Feedback", "It grows.", who=("a", "b"), where={})
    screen = reading("screens", "They move alike.", who=("a", "b"), where={}, risks=("collusion",))
    found = gathered([*TOLD, clerk, loop, screen])
    assert [len(one.readings) for one in found] == [5, 1, 1, 1]
    page = page_of(chat(), *TOLD, clerk, loop, screen)
    assert "1 finding more below" in page.lead
    (listed,) = tables(page, "What to do next")
    assert f"`--public {FIELD}`" in listed.sentences[1]
    assert "for clerk" in listed.sentences[1]
    assert "probe_gain" in listed.sentences[2]
    assert "sign and no verdict" in listed.sentences[3]


def test_a_p_value_at_its_least_says_how_to_draw_more():
    least = reading("Channels", p=1e-4, numbers={"draws": 9999})
    assert steps(gathered([least]))[-1].endswith("`--only channels:rounds=99999` draws more.")
    assert not any("rounds" in one for one in steps(gathered([reading("Channels", p=3e-4, numbers={"draws": 9999})])))


@pytest.mark.parametrize(
    ("monitor", "p", "numbers"),
    [
        ("screens", 1.4e-8, {"rounds": 299}),  # a bound, below what draws show; nor has it such a parameter
        ("screens", 1 / 300, {"rounds": 299}),
        ("Channels", 1e-8, {"draws": 9999}),
        ("Channels", 1e-5, {"draws": 99_999}),
        ("no such", 1e-4, {"draws": 9999}),
    ],
)
def test_drawing_more_is_advised_only_where_it_is_possible_and_helps(monitor, p, numbers):
    assert not any("rounds" in one for one in steps(gathered([reading(monitor, p=p, numbers=numbers)])))


def test_what_is_said_in_plain_words_is_called_so():
    plain = chat(plain=True)
    assert plainly(plain, gathered(TOLD)[0])
    assert not plainly(chat(), gathered(TOLD)[0])
    assert "scout tells tool.stock on 'message' in plain words, and trader acts on it" in page_of(plain, *TOLD).lead


def test_collusion_is_named_only_where_its_three_stages_stand():
    stages = [
        reading("Collusion", where={"stage": stage}, risks=("collusion",))
        for stage in ("screen", "mechanism", "counterfactual")
    ]
    assert risks(TOLD) == ["information asymmetries", "network effects"]
    assert risks(stages[:2]) == []
    assert risks(stages) == ["collusion"]
    page = page_of(chat(), *TOLD)
    assert "collusion" not in page.lead
    assert "Whether this is meant, the log does not tell." in page.lead


def test_what_does_not_stand_is_a_name_its_evidence_and_its_size():
    rest = (reading("imitation", effect=0.0, p=1.0, interval=(-1.0, 1.0), where={}, risks=("network effects",)),)
    (shown,) = tables(page_of(chat(), rest=rest), "Looked at, and not standing")
    assert (shown.columns, shown.rows) == (("reading", "evidence", "n"), (("imitation, scout", "p = 1", 12),))


def test_figures_are_rounded_and_rounding_noise_is_nothing():
    noise = reading("novelty", effect=1.388e-17, interval=(-0.123456, 1.07e-17))
    table = tables(page_of(chat(), noise), "Alarms")[1]
    assert table.rows[0][2] == "0 bits a message (-0.123 to 0)"
    assert "All of it rests on the records alone." in table.note
    mixed = tables(page_of(chat(), noise, reading("channels", basis="randomised")), "Alarms")[1]
    assert "rests on" in mixed.columns
    assert evidence(reading("novelty", e=1.018e32)) == "e = 1e+32"
    assert "of 1 in 1,000,000,000." in page_of(chat(), level=1e-9, rest=(noise,)).lead


def test_no_interval_goes_beyond_what_there_is_to_tell():
    """Of two values at most a bit can be told, whatever the spread of an estimate."""
    from ostrom.monitors import NewProtocol
    from ostrom.testing import planted_log

    found = NewProtocol()(planted_log("punctuation", bits=1.0, messages=200, seed=1).log)
    ends = [one.interval[1] for one in found if one.where["field"] == "observation.cost"]
    assert ends
    assert max(ends) <= 1


def test_messages_to_everybody_draw_no_arrow():
    log = chat()
    assert messages_between(log) == ({("user", "scout"): 12}, 24)
    picture = who_picture(log, TOLD)
    assert "24 messages to everybody draw no arrow" in picture.caption
    arrows = {(one["k"], one["c"]) for one in picture.chart["layer"][0]["data"]["values"]}
    assert arrows == {(0, "messages"), (1, "alarm")}
    assert who_picture(Log.of([Event(0, 0, one, "say", message="a") for one in "abc"]), ()) is None
    two = Log.of([Event(0, t, "ab"[t % 2], "say", message="x") for t in range(3)])
    assert messages_between(two) == ({("a", "b"): 2, ("b", "a"): 1}, 0)


@pytest.mark.parametrize(
    ("monitor", "arrows"),
    [
        ("Feedback", [("a", "b"), ("b", "c"), ("c", "a")]),
        ("screens", [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")]),
        ("Influence", [("a", "b"), ("a", "c")]),
    ],
)
def test_arrows_go_round_a_loop_and_both_ways_between_those_who_move_together(monitor, arrows):
    assert list(between(reading(monitor, who=("a", "b", "c")))) == arrows


def test_pictures_of_moves_do_not_speak_of_messages():
    log = Log.of([Event(0, t, "ab"[t % 2], "act", action=t) for t in range(8)])
    picture = who_picture(log, (reading("Feedback", who=("a", "b"), where={}),))
    assert picture.caption.startswith("Whom alarms are about")
    assert picture.chart["height"] < 150


def test_the_finding_itself_is_drawn():
    log = chat()
    bars = signs_picture(log, gathered(TOLD)[0]).chart["layer"][0]["data"]["values"]
    assert [(bar["of"], bar["share"]) for bar in bars] == [("with these words", 100), ("in all messages", 50)] * 2
    carriers = signs_picture(log, gathered(TOLD[2:3])[0])
    assert [bar["share"] for bar in carriers.chart["layer"][0]["data"]["values"]] == [1.0]
    assert signs_picture(log, gathered(TOLD[3:4])[0]) is None


def test_shortened_names_stay_apart():
    names = ["google/gemini-3-flash-preview(IO)", "google/gemini-3-flash-preview(CoT)", "x" * 70, "x" * 69 + "y"]
    short = told_apart(names)
    assert len(set(short.values())) == 4
    assert short[names[0]].endswith("(IO)")
    assert max(map(len, told_apart(names[:2]).values())) <= 24
    same = told_apart(["a" * 30 + "b" * k + "c" * 30 for k in range(5)])
    assert len(set(same.values())) == 5


def test_reports_show_line_breaks_as_signs_and_no_empty_headings():
    result = seen(chat(), *TOLD)
    said = text(result)
    assert "All ⏎ well" in said
    assert "�" not in said + html(result)
    assert "Where to look" not in said  # there are only pictures below it
    assert "Where to look" in html(result)


def test_rows_of_folders_name_their_file():
    events = [Event(k, 0, "scout", "message", message="a", facts={"file": f"{k}.jsonl"}) for k in range(2)]
    log = Log.of(events, "folder", [1, 1])
    (shown,) = rows_to_read(log, gathered([reading("Changes", rows=(1,))]))
    assert [row[0] for row in shown.rows] == ["0.jsonl:1", "1.jsonl:1"]
    assert "each file" in shown.note


def test_long_names_and_odd_readings_are_shown_all_the_same():
    """Readings without agents, channels or rows, of agents that the log lacks, and values that are no text."""
    log = Log.of([Event(0, t, f"a{t % 30}", "say", ("\n",), {"f": [t]}, message="\x00\n") for t in range(60)])
    odd = (
        reading("Channels", who=(), where={}, rows=(99,)),
        reading("Channels", who=("ghost",), where={"channel": "say", "field": "f"}, rows=(1, 2)),
        reading("Glossary", who=("a1",), where={"channel": None, "field": 3}, numbers={"lexicon": ["no mapping"]}),
        reading("Feedback", who=tuple(f"a{k}" for k in range(30)), where={}, rows=(1,)),
        reading("WorkingChannel", who=("a1", "a1"), numbers={"tells": None}, where={"channel": "say"}),
        reading("unheard of", who=("a2",), where={}),
    )
    assert "Rows to read" in text(seen(log, *odd))
    assert html(seen(log, *odd))
    assert monitor_page(seen(log)).sections == monitor_page(seen(log)).sections


def test_rows_of_what_is_told_are_those_where_it_is_told():
    """What moved the listener most need not be where the rule is plain, whichever monitors point to it."""
    rule, other = (1, 7, 13), (4, 10, 16, 22)
    events = []
    for k in range(12):
        stock = STOCKS[k % 2]
        events += [
            Event(k, 0, "scout", "message", (), {"stock": stock}, message=f"{stock[0]}!"),
            Event(k, 1, "trader", "act", (), {}, "buy"),
        ]
    found = (
        reading("Channels", where={"channel": "message", "field": "observation.stock"}, rows=rule),
        reading("Influence", who=("scout", "trader"), rows=other),
        reading(
            "WorkingChannel", who=("scout", "trader"), numbers={"tells": {"field": "observation.stock"}}, rows=other
        ),
    )
    log = Log.of(events, "log.jsonl")
    (one,) = gathered(found)
    (table,) = rows_to_read(log, [one])
    alarms = [str(row[-1]) for row in table.rows]
    assert any("channels" in alarm for alarm in alarms)
    assert not any("influence" in alarm for alarm in alarms)


def test_messages_that_were_not_read_are_no_calm():
    log = Log.of([Event(k, 0, "ann", "message", message="hello", facts={"stock": k % 3}) for k in range(80)])
    calm = reading("Changes", p=0.5)
    page = text(monitor_page(Monitoring("log", (80, 1, 80), (calm,), 0.05, {"Channels": "No field."}, log)))
    assert "not read for what it tells" in " ".join(page.split())
    read = reading("Channels", p=0.5)
    page = text(monitor_page(Monitoring("log", (80, 1, 80), (read,), 0.05, {}, log)))
    assert "not read for what it tells" not in " ".join(page.split())
