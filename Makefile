# make          the environment, the book, and the example class graded
# make test     everything that can be wrong
# make help     the rest
#
# Needs make and Python 3.11 to 3.13. Every step leaves a stamp, so an interrupted run goes on where it stopped.

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
BOOK   := _build/html/index.html
REPORT := out/grades/report.html
PORT   := 8000

# An empty HOME, somebody's PYTHONPATH or a kernel of another project must not matter.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/$(VENV)
endif
unexport PYTHONPATH PYTHONHOME
export PYTHONNOUSERSITE := 1
export JUPYTER_PREFER_ENV_PATH := 1
export PYDEVD_DISABLE_FILE_VALIDATION := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

LESSONS   := $(wildcard chapters/*/lesson.ipynb chapters/*.ipynb)
EXERCISES := $(wildcard chapters/*/*_exercises.ipynb)
ENGINE    := $(shell find autograder solutions -name '*.py')
# what the proofs and panels of a page are made of: when it changes, the lessons are executed anew
PROVERS   := $(filter autograder/ledger/% autograder/expressions% autograder/judges/% autograder/feedback/% solutions/%,$(ENGINE))
PAGES     := $(shell find chapters _static -type f ! -path '*/.ipynb_checkpoints/*' | sed 's/ /\\ /g')
# students name their files as they please, which no list of make's survives: it is told only that one has changed
CHANGED   := $(if $(shell find examples/submissions -newer $(REPORT) 2>/dev/null | head -n 1),changed-submissions)

.PHONY: benchmarks all environment book grade test test-style test-units test-lessons test-exercises \
        sync-check class lab serve sync lessons lint requirements clean distclean help changed-submissions

all: environment sync-check book grade
	@printf '\n  The book:    %s\n  The report:  %s\n\n' "$(CURDIR)/$(BOOK)" "$(CURDIR)/$(REPORT)"
	@printf '  Next:  make serve (the book on localhost) · make lab (the exercises) · make test\n\n'

# --- environment ---------------------------------------------------------------------------------------------------

environment: $(READY)

# The first interpreter that runs (a name on the PATH may be an empty shim) and has the right version.
$(READY): requirements.txt pyproject.toml
	@python=; for name in python3.11 python3.12 python3.13 python3 python; do \
	    if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
	    then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then \
	    echo "No Python 3.11, 3.12 or 3.13 found. Install one (Debian, Ubuntu: apt install python3 python3-venv)." >&2; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$python cannot make environments. Install its venv module (Debian, Ubuntu: apt install $$(basename $$python)-venv)." >&2; exit 1; fi; \
	echo "[1/4] The environment, in $(VENV), with $$($$python --version)"; \
	[ -x $(BIN)/python ] && $(BIN)/python -c '' 2>/dev/null || $$python -m venv --clear $(VENV)
	@rm -f $(VENV)/.failed; \
	{ $(BIN)/python -m pip install --progress-bar off -r requirements.txt || touch $(VENV)/.failed; } | \
	    awk -v total="$$(grep -c == requirements.txt)" -v live="$$([ -t 1 ] && echo 1 || echo 0)" \
	        '/^(Collecting|Requirement already)/ { n++; line = "      " n " of about " total " packages"; \
	             if (live) printf "\r%s ", line; else if (n % 40 == 0) print line; fflush() } \
	         /^Installing collected/ { print (live ? "\n" : "") "      unpacking them, a minute or so"; fflush() }'; \
	test ! -e $(VENV)/.failed
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@# a kernel talks to this machine alone, and need not warn each time that it does so unencrypted
	@mkdir -p $(VENV)/etc/ipython && echo 'c.IPKernelApp.log_level = "ERROR"' > $(VENV)/etc/ipython/ipython_kernel_config.py
	@touch $@

# --- the book ------------------------------------------------------------------------------------------------------

sync-check: $(READY)
	@echo "[2/4] The exercise notebooks are what solutions/ says"
	@$(BIN)/autograder sync --check
	@$(BIN)/python examples/make_class.py --check

book: $(BOOK)

_build/.provers: $(READY) $(PROVERS)
	@rm -rf _build/.jupyter_cache _build/.doctrees
	@mkdir -p _build && touch $@

# A warning is an error. What Sphinx has read is forgotten then, or it would not warn a second time.
$(BOOK): $(READY) _build/.provers _config.yml _toc.yml $(PAGES) $(ENGINE)
	@echo "[3/4] The book: executing the lessons, rendering the pages"
	@$(BIN)/jupyter-book build -W --keep-going . || { rm -rf _build/.doctrees; exit 1; }
	@touch $@

serve: $(BOOK)
	@echo "The book is on http://localhost:$(PORT) (Ctrl-C stops it)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html 2>/dev/null

# --- grading -------------------------------------------------------------------------------------------------------

grade: $(REPORT)

# "available": every protection that this machine has; the report says which. For a real class leave it out.
$(REPORT): $(READY) $(CHANGED) $(ENGINE)
	@echo "[4/4] The example class, graded"
	@$(BIN)/autograder grade examples/submissions --out out/grades --isolation available --resume
	@touch $@

changed-submissions:

class: $(READY)
	@$(BIN)/python examples/make_class.py

# --- benchmarks ----------------------------------------------------------------------------------------------------

# SciPy and PyTorch are measured where they can be had; without them their columns say so.
benchmarks: $(READY)
	@$(BIN)/python -m pip install --quiet -e '.[bench]' || echo "without SciPy or PyTorch then"
	@$(BIN)/python -m benchmarks.accuracy --write
	@$(BIN)/python -m benchmarks.numerics --write

# --- tests ---------------------------------------------------------------------------------------------------------

test: test-style test-units test-exercises test-lessons
	@echo "All tests passed."

test-style: $(READY)
	@echo "--- style"
	@$(BIN)/ruff check .
	@$(BIN)/autograder sync --check

test-units: $(READY) $(BOOK)
	@echo "--- the engine, the exercises, the repository, the book"
	@$(BIN)/python -m pytest tests -q -n 2 --dist loadfile

test-exercises: $(READY)
	@echo "--- every exercise notebook runs to its end, untouched"
	@$(BIN)/python -m pytest -q --nbval-lax -n 2 --dist loadfile $(EXERCISES)

test-lessons: $(READY)
	@echo "--- every lesson derives what it says it derives"
	@$(BIN)/python -m autograder.notebooks.execute --check $(LESSONS)
	@$(BIN)/python -m pytest -q --nbval -n 2 --dist loadfile $(LESSONS)

# --- for those who write -------------------------------------------------------------------------------------------

lab: $(READY)
	@$(BIN)/jupyter lab --notebook-dir=chapters $(if $(filter 0,$(shell id -u)),--allow-root)

sync: $(READY)
	@$(BIN)/autograder sync

lessons: $(READY)
	@$(BIN)/python -m autograder.notebooks.execute $(LESSONS)

lint: $(READY)
	@$(BIN)/ruff check --fix .

requirements: $(READY)
	@$(BIN)/python -m pip install --quiet uv
	@{ head -n 1 requirements.txt; $(BIN)/uv pip compile pyproject.toml --extra book --extra test --universal \
	    --python-version 3.11 --no-header --no-annotate --no-emit-index-url --quiet --constraint requirements.txt; \
	} > requirements.new && mv requirements.new requirements.txt

clean:
	rm -rf _build out .pytest_cache .ruff_cache .hypothesis

distclean: clean
	rm -rf $(VENV) *.egg-info

help:
	@echo "make           the environment, the book, the example class graded"
	@echo "make test      all tests; one part: make test-units, test-lessons, test-exercises, test-style"
	@echo "make serve     the book on http://localhost:$(PORT)"
	@echo "make lab       JupyterLab on the exercise notebooks"
	@echo "make benchmarks  how exact and how fast the functions are, beside SciPy and PyTorch (half an hour)"
	@echo "make sync      derive the exercise notebooks from solutions/"
	@echo "make class     make the example class anew, from solutions/"
	@echo "make lessons   execute the lessons in place, keep their text, drop their images"
	@echo "make lint      mend the style"
	@echo "make requirements   pin the environment anew after a change of pyproject.toml"
	@echo "make clean     remove what was made; distclean: the environment too"
