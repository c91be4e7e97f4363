# `make demo` dials three simulated lines, `make test` runs the tests; both set up what they need.
# PYTHON=python3.12 make test takes another interpreter; VENV=… another folder.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
COMPILED := pyproject.toml setup.py build_ffi.py rasdial_async/errors/error_codes.json \
            $(wildcard rasdial_async/_native/*.[ch] rasdial_async/_native/*/*.[ch] \
                       rasdial_async/_native/*/*/*.[ch])

.PHONY: demo test lint coverage format docs reference pictures bench bench-quick bench-windows chaos chaos-quick engine \
        test-package test-foreign test-windows test-pppd test-pythons demo-ppp clean

demo: $(VENV)/.built
	@$(BIN)/rasdial-async demo

test: $(VENV)/.dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile --ignore=tests/windows --ignore=tests/package --ignore=tests/pppd
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 rasdial_async

coverage: test
	$(BIN)/coverage html

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The documents, from nothing but this checkout: build/docs/index.html.
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --builder html docs build/docs

# docs/reference, from the docstrings and the command line's help.
reference: $(VENV)/.dev
	$(BIN)/python docs/reference.py

# docs/images: the program at work, as README.md shows it. On Linux.
pictures: $(VENV)/.docs
	$(BIN)/python docs/pictures.py

# How long the callback holds the dial: benchmarks/README.md.
bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

bench-quick: $(VENV)/.bench
	$(BIN)/python -m benchmarks --quick

# The package beside pywin32's win32ras, in Windows CPython under Wine: docs/windows-lane.md.
bench-windows: $(VENV)/.dev
	$(BIN)/python tools/wine_lane/lane.py --bench

# Ten minutes of random dials over a RAS that is legal and merciless, with seeds that are printed.
chaos: $(VENV)/.dev
	$(BIN)/python tests/chaos --seconds 300
	$(BIN)/python tests/chaos/interrupts.py 1000
	$(BIN)/python tests/chaos --seconds 150 --limit 20 --variant address
	$(BIN)/python tests/chaos --seconds 150 --limit 20 --variant thread

# A minute of that, with the same seeds each time.
chaos-quick: $(VENV)/.dev
	$(BIN)/python tests/chaos --seconds 60 --seed 1

# The simulator as librasapi32.so and, with mingw-w64, as rasapi32.dll: build/engine/.
engine: $(VENV)/.built
	$(BIN)/python tools/build_engine.py

# The wheel and the sdist: what is in them, an installation from nothing, the types that users see.
test-package: $(VENV)/.dev
	$(BIN)/python -m pytest tests/package

# Clients that know only ras.h, in C, in C#, in pywin32's shape and in Python by ctypes. As root on Debian this
# installs Mono, where there is none; without Mono the tests in C# are skipped, and say so.
test-foreign: $(VENV)/.dev
	@{ command -v mcs && command -v mono; } >/dev/null || \
	  { apt-get update -qq && apt-get install -qq --yes mono-mcs mono-runtime; } || echo "no Mono"
	$(BIN)/python -m pytest -rs tests/foreign tests/windows/test_standalone_abi.py \
	  tests/windows/test_standalone_books.py tests/windows/test_win32ras.py tests/windows/test_device_rules.py

# The wheel in Windows CPython under Wine, as root on Debian: docs/windows-lane.md.
test-windows: $(VENV)/.dev
	$(BIN)/python tools/wine_lane/lane.py

# `make test` on newer CPythons, out of Debian's sid, as root on Debian; PYTHONS=3.15 for one of them.
test-pythons:
	$(PYTHON) tools/pythons.py $(PYTHONS)

# Three lines dialed at once through pppd, in the same guest as the tests of test-pppd.
demo-ppp: $(VENV)/.built
	BIN=$(BIN) tools/ppp_lane/lane.sh demo

# Real PPP in a user-mode Linux, on x86-64 Debian; as root where something has to be installed. `make test-pppd PPPD=2.5`
# takes the pppd of Debian's next release.
test-pppd: $(VENV)/.dev
	BIN=$(BIN) PPPD=$(PPPD) tools/ppp_lane/lane.sh

clean:
	rm -rf $(VENV) build dist *.egg-info htmlcov .coverage* rasdial_async/_native/_ras*.so

$(VENV)/.made:
	@echo "rasdial_async: the first time takes about half a minute. Making the virtual environment $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV)
	@echo "Updating pip ..."
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@touch $@

# What setuptools warns of is its own way to build, and would be the first thing that `make demo` shows.
$(VENV)/.built: $(VENV)/.made $(COMPILED)
	@echo "Compiling the C sources, and installing rasdial_async with click and rich ..."
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[cli]'
	@touch $@

$(VENV)/.dev: $(VENV)/.built
	@echo "Installing the tools for tests and checks ..."
	@$(BIN)/python -m pip install --quiet --group dev
	@touch $@

$(VENV)/.docs: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --group docs
	touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --group bench
	touch $@
