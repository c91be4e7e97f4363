"""The numbers with names: as in the Windows headers, and in one file only."""

from __future__ import annotations

import ast

import pytest
from support.source_tree import MODULES, tree

from rasdial_async.errors import codes
from rasdial_async.errors.tree import known_codes

NUMBERS = {name: value for name, value in vars(codes).items() if name.startswith("E")}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_its_own_name(name):
    assert known_codes()[NUMBERS[name]].symbol == name


def test_each_number_is_there_once_and_in_order():
    assert list(NUMBERS.values()) == sorted(set(NUMBERS.values()))


def assigned(module):
    """The names that a module's own lines give."""
    return [node for node in tree(MODULES[module]).body if isinstance(node, ast.Assign | ast.AnnAssign)]


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"errors.codes"}))
def test_no_other_file_names_a_number(module):
    numbers = [
        ast.unparse(node)
        for node in assigned(module)
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and type(constant.value) is int and 600 <= constant.value < 900
    ]
    assert numbers == []
    assert not [name for node in assigned(module) if (name := ast.unparse(node)).startswith(("ERROR_", "E_"))]


@pytest.mark.parametrize("name", NUMBERS)
def test_no_number_is_there_for_nobody(name):
    elsewhere = [path.read_text("utf-8") for module, path in MODULES.items() if module != "errors.codes"]
    own = MODULES["errors.codes"].read_text("utf-8")
    assert any(name in text for text in elsewhere) or own.count(name) > 1
