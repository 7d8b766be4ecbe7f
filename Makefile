.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run:  ## start papertui from this checkout
	scripts/run

test:  ## run the tests
	scripts/test

# The date is set in the process of the tests: for the app, the store and the commands that run
# in it. Programs that the tests start get the time zone too, but read the real clock.
dates:  ## run the tests on eight dates in five time zones; ARGS="..." is passed to pytest
	scripts/dates $(ARGS)

endurance:  ## run the counted tests at full length: kills, writers, damaged files, histories
	scripts/setup
	PAPERTUI_ENDURANCE=1 .venv/bin/python -m pytest -m endurance -rP

fuzz:  ## run the property tests on new random examples, fifty times as many as in `make test`
	scripts/setup
	.venv/bin/python -m pytest -n auto -m hypothesis --hypothesis-profile fuzz

sync:  ## run the state machine of devices that sync on 500 new histories
	scripts/setup
	.venv/bin/python -m pytest -n auto --hypothesis-profile fuzz tests/sync/test_convergence.py

syncthing:  ## sync two devices through two nodes of Syncthing, if it is installed
	scripts/setup
	PAPERTUI_ENDURANCE=1 .venv/bin/python -m pytest -n 0 tests/sync/test_syncthing.py

ROUNDS = 11

bench:  ## compare papertui with a bare Textual app, write docs/benchmarks.md; ROUNDS=3 is quick
	scripts/setup
	.venv/bin/python -m benchmarks $(ROUNDS)

check:  ## run all that CI runs: tests, linter, formatter, types, import contracts
	.ci/run

bench-sync:  ## time syncs of 20 devices and 10 years, for docs/reliability.md
	scripts/setup
	.venv/bin/python -m benchmarks.sync

pictures:  ## draw the README's pictures again
	scripts/setup
	.venv/bin/python scripts/pictures.py

man:  ## make the manual page again, from the commands
	scripts/setup
	.venv/bin/python scripts/manual.py

format:  ## fix what the linter can fix, and format the code
	scripts/setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.PHONY: help run test dates endurance fuzz sync syncthing bench bench-sync check pictures man format
