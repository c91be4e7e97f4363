"""One dial: the object that users hold, its attempts, redials, and the keeper that dials again."""

from .arguments import AskCredentials, DialArguments, OneDialArguments, OnPaused, RedialChoice
from .dialing import Dialing
from .keeper import PATIENT, Keeper, KeeperChange, KeeperState
from .observer import DialObserver
from .plan import DialPlan, answer_pauses, redial_of_entry
from .redial import Redial

__all__ = [
    "PATIENT",
    "AskCredentials",
    "DialArguments",
    "DialObserver",
    "DialPlan",
    "Dialing",
    "Keeper",
    "KeeperChange",
    "KeeperState",
    "OnPaused",
    "OneDialArguments",
    "Redial",
    "RedialChoice",
    "answer_pauses",
    "redial_of_entry",
]
