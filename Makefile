# make run    set up, build the index if need be, serve the page
# make test   set up, run the tests
# make test-slow  set up, run the tests that take many seconds of a browser, a server or a cluster
# make nightly  set up, run what takes too long for every day, write its table; hours
# make check  set up, formatting, lint, types
# make audit  known vulnerabilities of what requirements.lock pins
# make licences  the licences of what the program is installed with
# make sbom   the bill of materials, CycloneDX, to build/sbom.json
# make image-check  build the image and run it without a container daemon; as root, on Debian
# make bench  measure all speeds, write docs/performance.md; an hour or so
# make quality  measure the answers on the public sets in EVAL_DATA, write docs/quality.md; hours
PYTHON ?= python3
SETS ?= covidfaq patients:3 squad2dev
WORK ?= build/quality
BENCHMARKS := \
	question \
	reader \
	encoders \
	start \
	build_memory \
	large \
	askers \
	ray_build \
	page
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: bench run setup test test-slow nightly image-check check quality soak format lock audit licences sbom clean

run: setup
	$(BIN)/qa build
	$(BIN)/qa serve

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Quotewell needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

# Four at a time, since many wait for a browser or a server; whole files each, so that a file's
# fixtures are made once, in the order that tests/conftest.py gives.
test: setup
	$(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder

test-slow: setup
	$(BIN)/python -m pytest -m "slow and not nightly" --numprocesses 4 --dist loadfile \
		--no-loadscope-reorder

# The tests one at a time (some measure seconds and kill processes, others judge pages at every
# size), a million inputs made to break things, half an hour of traffic with faults; some hours.
nightly: setup
	$(BIN)/python -m tests.nightly

image-check:
	sh deploy/check_image.sh

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

quality: setup
	$(BIN)/python tests/benchmarks/quality.py $(SETS) --ablate --work $(WORK) \
		--document docs/quality.md

# All that docs/performance.md tells, measured anew; one that fails does not keep the others back.
bench: setup
	@failed=; for one in $(BENCHMARKS); do \
		[ -f tests/benchmarks/$$one.py ] || continue; \
		echo "== tests/benchmarks/$$one.py"; \
		$(BIN)/python tests/benchmarks/$$one.py || failed="$$failed $$one"; \
	done; \
	sed -n '/<!-- figures -->/,/<!-- end of figures -->/p' docs/performance.md; \
	[ -z "$$failed" ] || { echo "These failed:$$failed. Run each alone to see why."; exit 1; }

# Fifty thousand questions, in the program and over HTTP, and whether memory grows; an hour or two.
soak: setup
	$(BIN)/python tests/benchmarks/soak.py

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Pins anew within the ranges of pyproject.toml. A local label such as +cpu is not kept: it would
# name one machine's build. Hashes are not written for the same reason: torch's build for
# processors alone, which an index of one's own may have, is another file than the public one.
lock: setup
	$(BIN)/pip-compile --quiet --extra dev --extra milvus --extra ray --strip-extras --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --allow-unsafe --upgrade \
		--output-file requirements.lock pyproject.toml
	sed -i -e 's/+[a-z0-9.]*$$//' -e '/^#/d' -e '/^$$/d' requirements.lock
	$(MAKE) setup
	PYTHONPATH=. $(BIN)/python deploy/serving_lock.py > requirements-serve.lock.new
	mv requirements-serve.lock.new requirements-serve.lock

# Needs a package index with an advisory service; where there is none it says so. AUDIT=--strict
# makes that an error.
audit: setup
	$(BIN)/python -m tests.supply.audit $(AUDIT)

licences: setup
	$(BIN)/python -m tests.supply.licences

sbom: setup
	$(BIN)/python -m tests.supply.sbom build/sbom.json

clean:
	rm -rf $(VENV) index/generations index/calibrations index/cache index/CURRENT
