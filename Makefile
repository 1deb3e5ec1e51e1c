# The words there are to learn:  make run | test | test-long | check | bench | docs | messages | setup
# Each installs what it needs. As root, what is missing of the system is installed with apt-get;
# otherwise the exact command is printed.

PORT ?= 8000
.DEFAULT_GOAL := run
.PHONY: run test test-long check bench docs messages setup

setup: ## the environment: afterwards .venv/bin/huiyin works
	@PYTHON="$(PYTHON)" tools/setup.sh

run: setup ## the whole thing with demonstration data at http://127.0.0.1:8000
	@.venv/bin/huiyin serve --demo --port $(PORT)
