"""Exports of oTree: the wide one, that of one app, and that of chats."""

import pytest

from ostrom import Event, InputError
from ostrom.formats.log import open_log
from ostrom.formats.otree import read_otree, recognises

APP = """participant.id_in_session,participant.code,player.id_in_group,player.role,player.payoff,player.gift,\
player.chat_text,group.id_in_subsession,group.total,subsession.round_number,session.code
1,p1,1,buyer,3.5,7,hello,1,9,1,s1
2,p2,2,,2.0,2,,1,9,1,s1
1,p1,1,buyer,1,,,1,4,2,s1
3,p3,1,,,5,,2,5,1,s1
"""
WIDE = """participant.code,session.code,pg.1.player.payoff,pg.1.player.gift,pg.1.group.id_in_subsession,\
pg.2.player.payoff,pg.2.player.gift,pg.2.group.id_in_subsession,quiz.1.player.answer,quiz.1.group.id_in_subsession
p1,s1,3,7,1,4,8,{second},yes,1
p2,s1,1,2,2,1,,2,no,1
"""
CHATS = """session_code,id_in_session,participant_code,channel,nickname,body,timestamp
s1,1,p1,chat-1,Buyer,"hi, you",1700000000.5
s1,2,p2,chat-1,Seller,hello,2023-11-14T22:13:25Z
s1,3,p3,chat-2,Buyer,alone,
"""


def saved(folder, text):
    path = folder / "export.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")
    assert recognises(path)
    return path


def test_the_export_of_an_app(tmp_path):
    rows = list(read_otree(saved(tmp_path, APP)))
    public = {"group.id_in_subsession": 1, "group.total": 9, "subsession.round_number": 1, "session": "s1"}
    seen = {"id_in_group": 1, "role": "buyer"}
    assert rows[:2] == [
        (2, Event(0, 1, "p1", "gift", (), seen, 7, facts=public)),
        (2, Event(0, 1, "p1", "chat_text", (), seen, message="hello", facts=public, payoff=3.5)),
    ]
    assert [(row, e.episode, e.t, e.agent, e.channel, e.action, e.payoff) for row, e in rows[2:]] == [
        (3, 0, 1, "p2", "gift", 2, 2.0),
        (4, 0, 2, "p1", "paid", None, 1),
        (5, 1, 1, "p3", "gift", 5, None),
    ]


def test_the_wide_export(tmp_path):
    rows = list(read_otree(saved(tmp_path, WIDE.format(second=1))))
    assert [(row, e.episode, e.t, e.agent, e.channel, e.action, e.payoff) for row, e in rows] == [
        (2, 0, 1, "p1", "pg.gift", 7, 3),
        (2, 0, 2, "p1", "pg.gift", 8, 4),
        (2, 1, 1, "p1", "quiz.answer", "yes", None),
        (3, 2, 1, "p2", "pg.gift", 2, 1),
        (3, 2, 2, "p2", "paid", None, 1),
        (3, 1, 1, "p2", "quiz.answer", "no", None),
    ]


def test_who_changes_groups_makes_a_session_one_episode(tmp_path):
    rows = list(read_otree(saved(tmp_path, WIDE.format(second=2))))
    assert [e.episode for _, e in rows if e.channel.startswith("pg") or e.channel == "paid"] == [0, 0, 0, 0]
    log = open_log(tmp_path / "export.csv")
    assert log.t[log.episode == 0].tolist() == [1, 1, 2, 2]


def test_the_export_of_chats(tmp_path):
    rows = list(read_otree(saved(tmp_path, CHATS)))
    assert [(row, e.episode, e.t, e.agent, e.message, e.facts.get("time")) for row, e in rows] == [
        (2, 0, 0, "p1", "hi, you", 1700000000.5),
        (3, 0, 1, "p2", "hello", 1700000005.0),
        (4, 1, 0, "p3", "alone", None),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (APP + "1,p1\n", "Line 6 of export.csv has 2 cells"),
        (APP.replace("3.5,7", "much,7"), "Line 2 of export.csv has the payoff 'much'"),
        (APP.replace("9,1,s1", "9,first,s1"), "Line 2 of export.csv is of round 'first'"),
    ],
)
def test_what_cannot_be_is_named(tmp_path, text, words):
    with pytest.raises(InputError) as caught:
        list(read_otree(saved(tmp_path, text)))
    assert words in caught.value.what


def test_payoffs_may_bear_their_unit(tmp_path):
    rows = list(read_otree(saved(tmp_path, APP.replace("3.5,7", "3.5 points,7"))))
    assert rows[1][1].payoff == 3.5
