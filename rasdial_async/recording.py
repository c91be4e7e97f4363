"""Recordings of dials: see :mod:`rasdial_async.testing`."""

from .testing import Ending, Recording, RecordingError

__all__ = ["Ending", "Recording", "RecordingError"]
