# Every target needs only git, make and one Python 3; see environments/bootstrap.py.
MAKEFLAGS += --no-print-directory
# What a person has set for another Python would keep the course's own from starting, or change what it does. And where
# no bytecode is written, as in many containers, each of the thousand processes of the tests compiles all that it imports.
unexport PYTHONHOME PYTHONPATH PYTHONPLATLIBDIR PYTHONSTARTUP PYTHONOPTIMIZE PYTHONWARNINGS PYTHONDONTWRITEBYTECODE
.PHONY: setup start test test-all release grade bench architecture lock

# Any Python 3 will do to begin with: the bootstrap looks for one that suits the course.
setup:
	@for p in "$$PYTHON" python3 python3.13 python3.12 python3.11; do \
	  "$$p" -Ic '' 2>/dev/null && exec "$$p" -I environments/bootstrap.py; done; \
	echo "setup: no Python here: install Python 3.11, 3.12 or 3.13, then run make setup again" >&2; exit 1

start: setup
	@.venv/bin/labs start

# Both run two files at once. The tiers are told apart here alone, so that pytest runs any test that is named to it.
PYTEST = .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=10

test: setup
	@$(PYTEST) -m "not exhaustive"

test-all: setup
	@$(PYTEST)

release: setup
	@.venv/bin/labs release
	@.venv/bin/python -m autograders.readme_links

grade: setup
	@.venv/bin/labs grade --all

bench: setup
	@.venv/bin/python -m tests.bench

architecture: setup
	@.venv/bin/python -m tests.architecture

lock: setup  # versions in it stay where pyproject.toml allows them; UPGRADE=1 takes the newest
	@UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/uv pip compile --quiet --universal --generate-hashes --all-extras \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 $(if $(UPGRADE),--upgrade) \
	  pyproject.toml --output-file requirements.lock
	@cd environments/own && for tool in *.in; do UV_CUSTOM_COMPILE_COMMAND="make lock" ../../.venv/bin/uv pip compile --quiet \
	  --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	  $(if $(UPGRADE),--upgrade) $$(sed -n 's/^# uv: //p' $$tool) $$tool --output-file $${tool%.in}.lock; done
