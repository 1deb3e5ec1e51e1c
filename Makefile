# The words there are to learn:  make run | test | test-long | test-failover | check | bench | docs | messages | looks | setup | letters | release
# Each installs what it needs. As root, what is missing of the system is installed with apt-get;
# otherwise the exact command is printed.

PORT ?= 8000
py := .venv/bin/python
# Tools look at the whole house, and at no data of anybody's.
tools := HUIYIN_ZONE=all HUIYIN_DATA_DIR=.venv/tools-data

.DEFAULT_GOAL := run
.PHONY: run test test-long test-failover check bench docs messages looks setup letters release system

run: setup ## the whole thing with demonstration data at http://127.0.0.1:8000
	@.venv/bin/huiyin serve --demo --port $(PORT)

setup: ## the environment: afterwards .venv/bin/huiyin works
	@PYTHON="$(PYTHON)" tools/setup.sh

letters: setup ## what reads scanned letters and photographs: 130 MB
	@EXTRAS="--extra letters" tools/setup.sh

system: setup letters
	@tools/system.sh

test: system ## the core, every room on SQLite and on PostgreSQL, the journeys
	@$(py) tools/test.py

test-long: system ## what takes minutes
	@$(py) tools/test.py --long

test-failover: setup ## machines that die under those who file: a quarter of an hour, and needs the machine to itself
	@tools/system.sh --failover
	@$(py) tools/test.py --failover

check: setup ## everything that can be known without running a test
	@mkdir -p .venv/tools-data
	$(py) -m ruff format --check --quiet
	$(py) -m ruff check --quiet
	.venv/bin/typos
	$(tools) $(py) -m mypy
	.venv/bin/lint-imports
	$(tools) $(py) manage.py makemigrations --check --dry-run
	$(tools) $(py) tools/online.py
	$(py) tools/messages.py --check
	@if [ -f tools/reference.py ]; then echo "$(py) tools/reference.py --check"; $(tools) $(py) tools/reference.py --check; fi

bench: system ## measures, each against a named floor in the same run
	@$(py) -m bench

docs: setup ## prints docs/reference from the code
	@mkdir -p .venv/tools-data
	@$(tools) $(py) tools/reference.py

messages: setup ## collects what the screens say into django.po, and compiles it
	@$(py) tools/messages.py

release: setup ## the wheel and what it stands on, with hashes, into dist/; WITH=--tag names the commit, too
	@tools/release.sh $(WITH)

looks: system ## every page of the demonstration, photographed into looks/ and judged; WITH="--who head"
	@$(py) tools/looks.py $(WITH)
