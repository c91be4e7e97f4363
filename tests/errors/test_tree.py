"""The error room: every code has its words and its one class; every failed dial is a DialError."""

from __future__ import annotations

import copy
import json
import pickle
import re
import subprocess
import sys
import traceback
from collections.abc import Callable

import pytest
from support import ROOT

from rasdial_async._native.records.events import DialEvent
from rasdial_async.errors import tree as errors
from rasdial_async.errors.states import ConnectionState
from rasdial_async.errors.tree import (
    AccountError,
    AuthenticationError,
    BackendUnavailableError,
    CertificateError,
    ConnectionGoneError,
    DeviceError,
    DialError,
    DialTimeoutError,
    HungUpError,
    InteractionRequiredError,
    LineBusyError,
    LineError,
    NoAnswerError,
    NoCarrierError,
    NoDialToneError,
    PhonebookError,
    PortError,
    ProtocolError,
    RasError,
    ServerError,
    TunnelError,
    describe_code,
    dial_error,
    error_from_code,
    gone_error,
    known_codes,
)

GOLDEN = json.loads((ROOT / "tests/data/errors.json").read_text("utf-8"))["errors"]
EAP_PASSWORD = 0x80420112  # EAP_E_USER_NAME_PASSWORD_REJECTED


def tree(root: type[RasError] = RasError) -> dict[str, type[RasError]]:
    """The classes of the room by name, children after their parent."""
    found = {root.__name__: root}
    for child in root.__subclasses__():
        if child.__module__ == root.__module__:
            found |= tree(child)
    return found


# The tree


def test_picture_names_exactly_the_classes_that_exist() -> None:
    assert errors.__doc__ is not None
    picture = errors.__doc__.split("\n\n")[1]
    # depth 0 is Exception, depth 1 RasError, and so on: five columns a generation
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in picture.splitlines():
        name = re.search(r"[A-Z]\w+", line)
        assert name is not None
        depth = (name.start() - 4 + 1) // 5
        path[depth:] = [name[0]]
        if depth:
            drawn[name[0]] = path[depth - 1]
    assert drawn == {name: cls.__bases__[0].__name__ for name, cls in tree().items()}


def test_all_lists_every_class() -> None:
    assert set(tree()) <= set(errors.__all__)
    assert all(hasattr(errors, name) for name in errors.__all__)


def test_every_cause_is_a_dial_error_and_the_backend_and_a_gone_connection_are_none() -> None:
    outside = {RasError, BackendUnavailableError, ConnectionGoneError}
    assert {cls for cls in tree().values() if not issubclass(cls, DialError)} == outside


def test_dial_timeout_is_a_timeout_error() -> None:
    error = DialTimeoutError()
    assert isinstance(error, TimeoutError)
    assert isinstance(error, OSError)
    assert (error.code, error.symbol, error.transient) == (1460, "ERROR_TIMEOUT", True)
    with pytest.raises(TimeoutError):
        raise error


@pytest.mark.parametrize("cls", tree().values(), ids=lambda cls: cls.__name__)
def test_default_code_belongs_to_its_class(cls: type[RasError]) -> None:
    error = cls()
    assert error.code == cls.default_code
    if cls not in (DialError, ConnectionGoneError):  # which no code makes by itself
        assert known_codes()[error.code].error_class is cls


# The table


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["symbol"])
def test_every_code_is_known(golden: dict[str, object]) -> None:
    code = golden["code"]
    assert isinstance(code, int)
    error = error_from_code(code)
    assert (error.code, error.symbol) == (code, golden["symbol"])
    assert error.message
    assert type(error) is known_codes()[code].error_class
    assert isinstance(dial_error(code), DialError)
    if isinstance(error, DialError):
        assert type(dial_error(code)) is type(error)
    else:
        assert type(dial_error(code)) is DialError


def test_table_holds_these_codes_and_no_others() -> None:
    assert list(known_codes()) == sorted(golden["code"] for golden in GOLDEN)
    assert all(code == line.code for code, line in known_codes().items())


def test_table_is_read_only() -> None:
    with pytest.raises(TypeError):
        known_codes()[1] = describe_code(1)  # type: ignore[index]


def test_file_keeps_one_code_a_line_in_order() -> None:
    lines = (ROOT / "rasdial_async/errors/error_codes.json").read_text("utf-8").splitlines()
    rows = [json.loads(line.removesuffix(",")) for line in lines if line.startswith('{"code"')]
    assert [row["code"] for row in rows] == list(known_codes())
    fields = {"code", "symbol", "class", "transient", "message", "hint", "pppd"}
    assert all(set(row) <= fields for row in rows)


def test_words_are_fit_for_a_log_line() -> None:
    for line in known_codes().values():
        for text in (line.message, line.hint):
            assert text == " ".join(text.split()), line
        assert line.message.endswith("."), line
        assert not line.hint or line.hint.endswith("."), line
        assert len(line.hint) <= 200, line


CLASSES = {
    AuthenticationError: [645, 691, 709, 739, 1326, 13801, 0x80420015, EAP_PASSWORD],
    AccountError: [646, 647, 648, 649, 708, 812, 1330, 1909, 13905],
    CertificateError: [
        766,
        781,
        798,
        801,
        810,
        853,
        864,
        13806,
        0x80420102,
        0x800B0109,
        0x800B010A,
        0x80090322,
        0x80090325,
        0x80072F8F,
    ],
    InteractionRequiredError: [703, 877],
    LineError: [
        619,
        628,
        629,
        677,
        769,
        771,
        829,
        868,
        1231,
        1232,
        11001,
        0x80072746,
        0x80072EE2,
        0x80072EFD,
    ],
    LineBusyError: [676],
    NoAnswerError: [678],
    NoCarrierError: [679],
    NoDialToneError: [680],
    PortError: [602, 615, 633],
    DeviceError: [608, 630, 651, 666, 797, 802],
    PhonebookError: [621, 622, 623, 624, 625, 749],
    ServerError: [638, 717, 738, 930, 937],
    ProtocolError: [718, 720, 721, 734, 741, 742, 850, 919],
    TunnelError: [787, 789, 792, 800, 806, 807, 808, 809, 811, 827, 13805, 13813, 13868],
    DialTimeoutError: [1460],
    HungUpError: [631, 830, 833, 1223],
    BackendUnavailableError: [126, 127, 193],
    RasError: [0, 5, 6, 8, 50, 87, 600, 603, 632, 668, 711, 753, 0x80070057],
    DialError: [756],
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [(code, cls) for cls, codes in CLASSES.items() for code in codes],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value),
)
def test_class_of_code(code: int, expected: type[RasError]) -> None:
    assert type(error_from_code(code)) is expected


def test_every_class_has_a_row_in_the_hand_written_table() -> None:
    assert set(CLASSES) == set(tree().values()) - {ConnectionGoneError}


# transient, hint

PASSING = [602, 633, 638, 676, 678, 711, 718, 721, 756, 792, 800, 807, 809, 829, 868]
PASSING += [628, 629, 13805, 13813, 1231, 1232, 1722, 1726]
PASSING += [0x80072746, 0x80072EE2, 0x80072EE7, 0x80072EFE, 0x80072745]  # SSTP, as HRESULTs
LASTING = [0x80090325, 0x80090328, 0x80072F8F, 0x800B010A]
LASTING += [0, 6, 623, 631, 646, 649, 677, 691, 703, 709, 720, 741, 773, 775, 776, 778, 801, 811, 1326, 1909]
LASTING += [13801, 13868, EAP_PASSWORD, 12345]


@pytest.mark.parametrize("code", PASSING + LASTING)
def test_transient(code: int) -> None:
    assert error_from_code(code).transient is (code in PASSING)


def test_nothing_that_may_lock_an_account_is_transient() -> None:
    never = (AuthenticationError, AccountError, CertificateError, InteractionRequiredError, PhonebookError)
    assert [
        line.code for line in known_codes().values() if line.transient and issubclass(line.error_class, never)
    ] == []
    guarded = {
        golden["code"] for golden in GOLDEN if golden["category"] in ("authentication", "authorization")
    }
    assert [line.code for line in known_codes().values() if line.transient and line.code in guarded] == []


def test_hints_where_a_person_can_act() -> None:
    acting = (AuthenticationError, AccountError, InteractionRequiredError, PhonebookError)
    for line in known_codes().values():
        if issubclass(line.error_class, acting) and line.code < 13000:
            assert line.hint, line
    assert all(error_from_code(code).hint for code in PASSING)
    assert "Caps Lock" in AuthenticationError(691).hint
    assert "500" in TunnelError(809).hint
    assert "hang-up" in PortError(633).hint


# Codes that are not in the table


@pytest.mark.parametrize(
    ("code", "unsigned", "symbol"),
    [
        (12345, 12345, "UNKNOWN_12345"),
        (947, 947, "UNKNOWN_947"),
        (0x80420999, 0x80420999, "UNKNOWN_0x80420999"),
        (-1, 0xFFFFFFFF, "UNKNOWN_0xFFFFFFFF"),
        (0x80071234, 0x80071234, "UNKNOWN_0x80071234"),
    ],
)
def test_unknown_codes_survive(code: int, unsigned: int, symbol: str) -> None:
    error = error_from_code(code)
    assert type(error) is RasError
    assert (error.code, error.symbol, error.hint, error.transient) == (unsigned, symbol, "", False)
    assert error.message
    assert type(dial_error(code)) is DialError
    assert "official" in str(error_from_code(code, message="The official text."))


def test_negative_hresult_is_the_same_code() -> None:
    error = dial_error(-2143157998)
    assert (type(error), error.code) == (AuthenticationError, EAP_PASSWORD)
    assert error.symbol == "EAP_E_USER_NAME_PASSWORD_REJECTED"
    assert describe_code(-2143157998) == known_codes()[EAP_PASSWORD]


def test_win32_error_dressed_as_hresult() -> None:
    error = dial_error(0x80070000 + 868)
    assert (type(error), error.code, error.transient) == (LineError, 0x80070364, True)
    assert error.symbol == "HRESULT_FROM_WIN32(ERROR_DNSNAME_NOT_RESOLVABLE)"
    assert error_from_code(0x80070005).symbol == "E_ACCESSDENIED"
    assert error_from_code(-2147014842).symbol == "HRESULT_FROM_WIN32(WSAECONNRESET)"  # 0x80072746, of SSTP


def test_code_must_be_an_integer() -> None:
    with pytest.raises(TypeError):
        RasError("691")  # type: ignore[arg-type]


# The exceptions themselves


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            RasError(6),
            "ERROR_INVALID_HANDLE (6): The connection handle is not, or no longer, valid; "
            "while waiting after a hang-up this is the wanted answer.",
        ),
        (
            LineBusyError(676, function="RasDialW", message="The phone line is busy.\r\n"),
            "ERROR_LINE_BUSY (676): The phone line is busy. [RasDialW]",
        ),
        (
            AuthenticationError(691, function="RasDialW", message="No.", state=ConnectionState.AUTH_NOTIFY),
            "ERROR_AUTHENTICATION_FAILURE (691): No. [RasDialW, at RASCS_AuthNotify]",
        ),
        (
            dial_error(645, message="Internal.", state=ConnectionState.AUTHENTICATE, extended_error=7),
            "ERROR_AUTH_INTERNAL (645): Internal. [at RASCS_Authenticate, internal diagnostic 7]",
        ),
        (
            PhonebookError(625, message="phonebook 'a.pbk', line 3: no ]"),
            "ERROR_CORRUPT_PHONEBOOK (625): phonebook 'a.pbk', line 3: no ]",
        ),
        (
            BackendUnavailableError(message="librasapi32.so has no RasDialW"),
            "ERROR_MOD_NOT_FOUND (126): librasapi32.so has no RasDialW",
        ),
        (
            error_from_code(-2143157998, message="two\n\n lines\t"),
            "EAP_E_USER_NAME_PASSWORD_REJECTED (0x80420112): two lines",
        ),
        (error_from_code(12345), "UNKNOWN_12345 (12345): An error without a known meaning."),
        (HungUpError(message="gone"), "ERROR_USER_DISCONNECTION (631): gone"),
        (
            DialTimeoutError(message="60 s are over", state=ConnectionState(77)),
            "ERROR_TIMEOUT (1460): 60 s are over [at RASCS_77]",
        ),
        (
            error_from_code(623, function="RasGetCredentialsW", message="No entry.", entry="Home"),
            "ERROR_CANNOT_FIND_PHONEBOOK_ENTRY (623): No entry. [entry 'Home', RasGetCredentialsW]",
        ),
        (
            dial_error(676, message="Busy.", entry="Home", phonebook="a.pbk"),
            "ERROR_LINE_BUSY (676): Busy. [entry 'Home' in a.pbk]",
        ),
        (
            error_from_code(621, message="No file.", phonebook="a.pbk"),
            "ERROR_CANNOT_OPEN_PHONEBOOK (621): No file. [phonebook a.pbk]",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, RasError) else "",
)
def test_str(error: RasError, text: str) -> None:
    assert str(error) == text


def test_empty_official_text_is_no_text() -> None:
    assert RasError(676, message=" \r\n").message == known_codes()[676].message


def test_repr_tells_the_code_and_nothing_private() -> None:
    error = dial_error(
        691, function="RasDialW", message="for ada at \\\\secret", state=ConnectionState.AUTHENTICATE
    )
    assert repr(error) == "<AuthenticationError 691 ERROR_AUTHENTICATION_FAILURE function='RasDialW'>"
    assert repr(RasError(-2143157998)) == "<RasError 0x80420112 EAP_E_USER_NAME_PASSWORD_REJECTED>"


@pytest.mark.parametrize("make", [error_from_code, dial_error])
def test_hint_is_a_note_of_the_error(make: Callable[..., RasError]) -> None:
    assert known_codes()[691].hint
    assert make(691).__notes__ == [f"Hint: {known_codes()[691].hint}"]
    assert "\nHint: " in "".join(traceback.format_exception(make(691)))
    special = make(691, hint="Ask Ada.")
    assert (special.hint, special.__notes__) == ("Ask Ada.", ["Hint: Ask Ada."])
    assert not hasattr(make(691, hint=""), "__notes__")
    assert not hasattr(make(12345), "__notes__")


def test_gone_connection_has_its_own_error() -> None:
    error = gone_error(code=668, function="RasGetConnectStatusW", entry="Home", phonebook="a.pbk")
    assert type(error) is ConnectionGoneError
    assert (error.code, error.entry, error.phonebook) == (668, "Home", "a.pbk")
    assert error.__notes__ == [f"Hint: {known_codes()[668].hint}"]
    assert gone_error().code == 6


def test_event_supplies_state_and_extended_error() -> None:
    event = DialEvent(state=ConnectionState.AUTHENTICATE, error=645, extended_error=9)
    error = dial_error(645, event=event)
    assert (error.event, error.state, error.extended_error) == (event, ConnectionState.AUTHENTICATE, 9)
    # OPEN_PORT is 0: what is given explicitly wins, zeros too
    error = dial_error(645, event=event, state=ConnectionState.OPEN_PORT, extended_error=0)
    assert (error.state, error.extended_error) == (ConnectionState.OPEN_PORT, 0)
    bare = DialError(645)
    assert (bare.event, bare.state, bare.extended_error, bare.extended_meaning) == (None, None, 0, "")


@pytest.mark.parametrize(
    ("code", "extended", "meaning"),
    [
        (650, 5, "NetBIOS error 5"),
        (650, -1, "NetBIOS error 4294967295"),
        (640, 0x23, "NetBIOS error 35"),
        (645, 12, "internal diagnostic 12"),
        (
            639,
            611,
            "RAS routing error 611: ERROR_ROUTE_NOT_AVAILABLE, The requested network binding cannot be used.",
        ),
        (639, 54321, "RAS routing error 54321: UNKNOWN_54321, An error without a known meaning."),
        (650, 0, ""),
        (691, 5, ""),
        (12345, 5, ""),
    ],
)
def test_extended_meaning(code: int, extended: int, meaning: str) -> None:
    assert dial_error(code, extended_error=extended).extended_meaning == meaning


def copies() -> list[object]:
    whole = DialEvent(state=ConnectionState.AUTH_NOTIFY, error=691, handle=4711, elapsed=0.5)
    found: list[object] = [
        RasError(6, function="RasHangUpW"),
        PhonebookError(621, message="cannot open x.pbk"),
        dial_error(691, function="RasDialW", message="No.", event=whole, extended_error=3, entry="Home"),
        error_from_code(623, hint="Look again.", entry="Home", phonebook="a.pbk"),
        BackendUnavailableError(127, message="no RasDialW"),
    ]
    return found + [cls(12345, message="kept") for cls in tree().values()]


@pytest.mark.parametrize("error", copies(), ids=repr)
def test_copy_and_pickle_keep_everything(error: RasError) -> None:
    error.add_note("seen in the test")
    twins = [copy.copy(error), copy.deepcopy(error)]
    twins += [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for twin in twins:
        assert twin is not error
        assert type(twin) is type(error)
        assert vars(twin) == vars(error)
        assert (twin.args, str(twin), repr(twin)) == (error.args, str(error), repr(error))


# The price of importing


def test_import_reads_no_table() -> None:
    program = (
        "import sys, builtins, io\n"
        "sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == 'open' else None)\n"
        "opened = []\n"
        "from rasdial_async import errors\n"
        "error = errors.RasError(691)\n"
        "assert not errors.tree._table.cache_info().currsize\n"
        "assert not [path for path in opened if 'error_codes' in path], opened\n"
        "assert error.symbol == 'ERROR_AUTHENTICATION_FAILURE'\n"
        "assert len([path for path in opened if 'error_codes' in path]) == 1\n"
        "errors.known_codes(), errors.dial_error(676)\n"
        "assert len([path for path in opened if 'error_codes' in path]) == 1\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
