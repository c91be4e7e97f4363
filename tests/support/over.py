"""A backend over any library, for tests of what it does with that library's answers."""

from rasdial_async.backends import Backend, Session


def backend_over(library):
    return Backend(Session(library))
