.DEFAULT_GOAL := help

help:  ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run:  ## start papertui from this checkout
	scripts/run

test:  ## run the tests
	scripts/test

# The moment is that of the tests' own process: what the app, the store and the commands take
# for now. Programs that the tests start are in the same zone, but know the real time only.
dates:  ## run the tests on eight dates in as many zones; ARGS="..." goes to pytest
	scripts/dates $(ARGS)

endurance:  ## the counted tests at full length: kills, writers, spoilt files, histories
	scripts/setup
	PAPERTUI_ENDURANCE=1 .venv/bin/python -m pytest -m endurance -rP

fuzz:  ## the laws on fresh examples, ten times as many as in the tests
	scripts/setup
	.venv/bin/python -m pytest -n auto -m hypothesis --hypothesis-profile fuzz

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

.PHONY: help run test dates endurance fuzz bench check pictures format
