.DEFAULT_GOAL := help

help:  ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run:  ## start papertui from this checkout
	scripts/run

test:  ## run the tests
	scripts/test

kills:  ## kill papertui 200 times at random moments of typing
	scripts/setup
	PAPERTUI_KILLS=200 .venv/bin/python -m pytest tests/test_kills.py

ROUNDS = 11

bench:  ## measure papertui against a bare Textual app; ROUNDS=3 is quick
	scripts/setup
	.venv/bin/python -m benchmarks $(ROUNDS)

check:  ## everything CI does: tests, lint, format, types
	.ci/run

pictures:  ## draw the pictures of the README again
	scripts/setup
	.venv/bin/python scripts/pictures.py

format:  ## put the code into shape
	scripts/setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.PHONY: help run test kills bench check pictures format
