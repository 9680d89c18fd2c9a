# One-liners over `tmam`, pytest and the scripts. Settings: PORT=, HOST=, STATE= (and UPGRADE=1 for `make lock`).
PY = .venv/bin/python
# Only what is typed after `make up`: some shells export HOST with another meaning.
option = $(if $(filter command,$(firstword $(origin $(1)))),--$(2) '$($(1))')
DJANGO = TMAM_MODE=test TMAM_SECRET_KEY=none DJANGO_SETTINGS_MODULE=tmam.web.settings ../../.venv/bin/python -P -m django
UV = .venv/bin/uv pip compile --quiet --system-certs $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := up
.PHONY: up test soak screenshots lock messages vendor doctor

up:
	@scripts/bootstrap.sh run && exec $(PY) -m tmam.cli up $(call option,HOST,host) $(call option,PORT,port) $(call option,STATE,state)

test:
	@scripts/bootstrap.sh test && scripts/test-tools.sh && TMAM_TEST_EVERYWHERE=1 $(PY) -m pytest -n 2 --no-loadscope-reorder -m "not soak and not screenshots"

soak:
	@scripts/bootstrap.sh test && $(PY) -m pytest -m soak --timeout 3600

screenshots:
	@scripts/bootstrap.sh test && scripts/test-tools.sh && $(PY) -m pytest tests/journeys -m screenshots

doctor:
	@$(PY) -m tmam.cli doctor $(call option,STATE,state)

lock:
	@scripts/bootstrap.sh test
	@for name in installer build; do $(UV) requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	@$(UV) pyproject.toml -o requirements/run.txt
	@$(UV) pyproject.toml --extra test -c requirements/run.txt -o requirements/test.txt

messages:
	@scripts/bootstrap.sh test && cd src/tmam && $(DJANGO) makemessages -l es --no-obsolete --add-location file

vendor:
	@scripts/bootstrap.sh test && $(PY) scripts/vendor.py
