"""Records as dicts that json.dumps takes."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest

import rasdial_async as ras
from rasdial_async._native import records
from rasdial_async.errors import Record

SECRET = "Xyzzy-9"


def test_an_event_has_names_in_place_of_numbers():
    event = ras.DialEvent(ras.ConnectionState.AUTHENTICATE, 691, handle=7, elapsed=0.5)
    assert event.as_dict() == {
        "state": "AUTHENTICATE",
        "error": 691,
        "extended_error": 0,
        "handle": 7,
        "elapsed": 0.5,
        "attempt": 1,
        "sub_entry": 0,
        "device_type": "",
        "device_name": "",
    }


def test_a_record_in_a_record_is_a_dict_and_a_duration_seconds():
    found = ras.ConnectionStatistics(bytes_sent=5, duration=timedelta(seconds=90)).as_dict()
    assert (found["bytes_sent"], found["duration"]) == (5, 90.0)
    assert found["total"]["duration"] == 0.0


def test_texts_and_lists_stay_as_json_has_them():
    found = ras.IpProjection(
        server_addresses=("192.0.2.1",), authentication=ras.Authentication.MS_CHAP2
    ).as_dict()
    assert (found["kind"], found["authentication"]) == ("ppp", "MS-CHAPv2")
    assert found["server_addresses"] == ["192.0.2.1"]
    assert ras.IpProjection(authentication=77).as_dict()["authentication"] == 77


def test_no_secret_is_in_a_dict():
    entry = ras.Entry.vpn("A", "h", protocol="l2tp", pre_shared_key=SECRET)
    hidden = [ras.Credentials("ada", SECRET), entry, ras.EapIdentity("ada", SECRET.encode())]
    for record in hidden:
        assert SECRET not in json.dumps(record.as_dict())
    assert entry.as_dict()["vpn_strategy"] == "L2TP_ONLY"
    assert {"image", "pre_shared_key"}.isdisjoint(entry.as_dict())


def test_the_name_of_an_entry_has_its_phonebook():
    name = ras.EntryName("Office", "/a.pbk", all_users=True)
    assert name.as_dict() == {"name": "Office", "phonebook": "/a.pbk", "all_users": True}


DATACLASSES = [
    kind
    for kind in map(records.__dict__.get, records.__all__)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
]


@pytest.mark.parametrize("kind", DATACLASSES)
def test_every_record_is_json_ready(kind):
    if kind in (records.Resume, records.DialRequest):  # what a dial is asked for, no record of RAS's
        assert not issubclass(kind, Record)
        return
    required = [item for item in dataclasses.fields(kind) if item.default is item.default_factory]
    made = kind(**{item.name: 3 if item.type == "int" else "x" for item in required})
    assert json.loads(json.dumps(made.as_dict())) == made.as_dict()
