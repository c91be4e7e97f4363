"""Ends the time of a dial by hand: no test depends on how fast the machine is."""

from __future__ import annotations


def time_out(dialing):
    """Its timeout is over now."""
    timer = dialing._run.attempt._timer
    callback, arguments = timer._callback, timer._args
    timer.cancel()
    callback(*arguments)
