"""A RAS that is legal and merciless, and users who dial over it at random.

``python tests/chaos --seconds 600`` (``make chaos``) plays rounds. The number of a round is its seed, and the
seed decides everything that is decided in the round: the programs of the second RAS library
(tests/support/odd_ras), the users, the loops. After each round the log of the library is compared with the
outcome of every dial (:mod:`chaos.invariants`). A round with a finding is saved with its log:
``python tests/chaos --replay FILE`` repeats the round in the order of that log, and ``--shrink FILE`` does so
with as few users as possible.
"""
