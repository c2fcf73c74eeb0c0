# The commands that stay stable. Each prepares what it needs first and does nothing twice.

PYTHON ?= python3
VENV := .venv/bin/python
PREPARE := $(PYTHON) -m scripts.bootstrap
WORKERS := -n auto --maxprocesses 4

.PHONY: help run test lint bench faults

help:
	@echo "make run    install what is missing and start the demo city"
	@echo "make test   all tests on both stacks: SQLite alone, PostgreSQL with Redis"
	@echo "make lint   style, import directions, translations, templates"
	@echo "make bench  the benchmarks, JSON to bench/out/"
	@echo "make faults what must hold, under every fault (hours); JSON to faults/out/"

run:
	@$(PREPARE) run
	@exec $(VENV) manage.py rundemo

test:
	@$(PREPARE) test
	@for stack in embedded service; do \
		$(VENV) -m pytest $(WORKERS) -m "not apart" --stack=$$stack || exit 1; \
		$(VENV) -m pytest -m apart --stack=$$stack || exit 1; \
	done

lint:
	@$(PREPARE) lint
	@$(VENV) -m scripts.lint

bench:
	@$(PREPARE) bench
	@$(VENV) -m bench

faults:
	@$(PREPARE) faults
	@$(VENV) -m faults --stack=embedded; held=$$?; \
		$(VENV) -m faults --stack=service && exit $$held
