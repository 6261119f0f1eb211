# Everything one does here. No logic: each target is one call of scripts/tasks.py, which sets up what it needs.
PYTHON ?= python3
DO = @$(PYTHON) scripts/tasks.py

.PHONY: setup run demo test fast lint fix docs bench check

setup: ; $(DO) setup         # virtual environment, packages, and what the tests need of the system
run:   ; $(DO) run $(ARGS)   # a node of one's own, in .jingwei
demo:  ; $(DO) demo $(ARGS)  # a real disaster, replayed on a fresh node
test:  ; $(DO) test $(ARGS)  # everything, on SQLite and on PostgreSQL
fast:  ; $(DO) fast $(ARGS)  # the pure part: seconds
lint:  ; $(DO) lint          # style, types, import contracts
fix:   ; $(DO) fix           # what can be put right by machine
docs:  ; $(DO) docs          # what is generated in docs/, and whether its links hold
bench: ; $(DO) bench $(ARGS) # measurements
check: ; $(DO) check         # lint, then test: what a change must pass
