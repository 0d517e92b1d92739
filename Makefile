# What there is to do here. `make` alone says it.

CARGO ?= cargo
# Where `make replay` looks for cases and which registry it uses, as in `make replay PATHS=fixtures/exchanges/tokens`.
PATHS ?= fixtures
ENDPOINT_URL ?=

# A test runner that is faster where it is installed.
TEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo "nextest run" || echo "test")

.PHONY: help build replay test explore check format lint docs fuzz bench deploy oauth-server a2a-peers

help:
	@echo "make replay   build everything and replay every fixture against the two real Lambdas"
	@echo "make test     run all tests"
	@echo "make oauth-server   install the authorization server that tests of token exchange talk to ('make test' does it)"
	@echo "make a2a-peers      install the A2A client and agent that tests of A2A talk through ('make test' does it)"
	@echo "make explore  run all tests five times, the random ones with new draws each"
	@echo "make check    what CI runs: format, lints, docs, tests, replay"
	@echo "make fuzz     give the parsers and the redactor random bytes (20 minutes)"
	@echo "make bench    measure against the floor and other engines (a release build first: minutes)"
	@echo "make format   format the code"
	@echo "make deploy   the two Lambdas for this machine's processor, smallest and fastest start (a long build)"

build:
	$(CARGO) build -p interceptors -p tenantgate --bins

replay: build
	target/debug/tenantgate replay $(PATHS) $(if $(ENDPOINT_URL),--endpoint-url $(ENDPOINT_URL))

# The random tests draw one fixed sequence here, so that a failure is the change's; `make explore` draws new ones.
# The oracle is tested apart: what it depends on turns on features that the product is built without (serde_json's `preserve_order`).
test: oauth-server a2a-peers
	PROPTEST_RNG_SEED=2026 $(CARGO) $(TEST) --workspace --exclude policy-oracle --exclude bench --exclude bench-redaction
	$(CARGO) $(TEST) --package policy-oracle

# Into target/, which a change of the requirements makes anew. Without Python or the registry the tests with them are skipped.
define install
	@cmp -s $(2) $(1)/installed || { \
		rm -rf $(1) && python3 -m venv $(1) && \
		$(1)/bin/python -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 15 --no-deps \
			--requirement $(2) && \
		cp $(2) $(1)/installed; \
	} || { rm -rf $(1); echo "SKIPPED: $(3) could not be installed; tests with it are skipped"; }
endef

oauth-server:
	$(call install,target/oauth-server,interceptors/tests/oauth_server/requirements.txt,the authorization server)

a2a-peers:
	$(call install,target/a2a-peers,tenantgate/tests/a2a/peers/requirements.txt,the A2A client and agent)

explore:
	for round in 1 2 3 4 5; do \
		export TENANTGATE_ORACLE_SEED=$$(date +%s); \
		$(CARGO) $(TEST) --workspace --exclude policy-oracle --exclude bench --exclude bench-redaction || exit 1; \
		$(CARGO) $(TEST) --package policy-oracle || exit 1; \
	done

check: lint docs test replay

format:
	$(CARGO) fmt --all

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items

# The Lambdas are built apart from the command, so that they carry nothing of its dependencies' features.
bench:
	$(CARGO) build --release -p interceptors -p empty-lambda --target-dir target/bench
	$(CARGO) run --release -p bench -- target/bench/release
	$(CARGO) run --release -p bench --bin allocations
	$(CARGO) run --release -p bench --bin identity
	$(CARGO) run --release -p bench-redaction --bin bench-redaction
	$(CARGO) run --release -p bench-redaction --bin bodies

deploy:
	$(CARGO) build --profile deploy -p interceptors --bins

# Random changes of the seeds in fuzz/corpus, SECONDS for each target; for libFuzzer see fuzz/README.md.
SECONDS ?= 300
fuzz:
	$(CARGO) build -p fuzz-bodies --bin mutate
	for target in scanner redactor detectors event; do target/debug/mutate $$target $(SECONDS) $$(date +%s) || exit 1; done
