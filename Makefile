# What there is to do here. `make` alone says it.

CARGO ?= cargo
# Where `make replay` looks for cases and which registry it uses, as in `make replay PATHS=fixtures/exchanges/tokens`.
PATHS ?= fixtures
ENDPOINT_URL ?=

# A test runner that is faster where it is installed.
TEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo "nextest run" || echo "test")

.PHONY: help build replay test model revocation scale explore check format lint docs fuzz bench package oauth-server a2a-peers chromium terraform-tools terraform-test tf-init deploy-check moto terraform-schema check-online terraform-docs

help:
	@echo "make replay   build everything and replay every fixture against the two real Lambdas"
	@echo "make test     run all tests, the longest comparisons with fewer draws than in CI"
	@echo "make oauth-server   install the authorization server that tests of token exchange talk to ('make test' does it)"
	@echo "make a2a-peers      install the A2A client and agent that tests of A2A talk through ('make test' does it)"
	@echo "make terraform-test  test the Terraform modules, offline (a part of 'make check')"
	@echo "make terraform-schema  make the extract of the provider's schemas anew (130 MB from PyPI)"
	@echo "make check-online  validate and test the Terraform modules with the newest provider, from the registry"
	@echo "make chromium       install the browser in which tests look at the report's page ('make test' does it)"
	@echo "make moto           install the emulator of AWS that tests of deployments talk to ('make test' does it)"
	@echo "make terraform-docs  write the tables of inputs and outputs into the modules' READMEs"
	@echo "make model    compare the registry with its model in 100,000 steps (10 minutes)"
	@echo "make revocation  stop tenants and tools under running interceptors, 10,000 times (minutes)"
	@echo "make scale    commands and lookups over 10,000 tenants and 1,000,000 members (a release build first, then an hour)"
	@echo "make explore  run all tests five times, the random ones with new draws each"
	@echo "make check    what CI runs: format, lints, docs, tests, replay"
	@echo "make fuzz     give the parsers and the redactor random bytes (20 minutes)"
	@echo "make bench    measure against the floor and other engines (a release build first: minutes)"
	@echo "make format   format the code"
	@echo "make package  zips of the two Lambdas, the same bytes from the same commit, with bills of materials (a long build)"
	@echo "make tf-init ENV=prod APP_ID=billing [AGENT_NAME=..] [TENANT_ALIAS=..] [ROOT=..] [BACKEND_CONFIG=..]"
	@echo "              initialise a Terraform root with the state of that deploy unit"
	@echo "make deploy-check   compare what is deployed with target/package: NAME=tenantgate, or FUNCTIONS='NAME:ALIAS=ZIP ..'; GATEWAY=ID"

build:
	$(CARGO) build -p interceptors -p tenantgate --bins

replay: build
	target/debug/tenantgate replay $(PATHS) $(if $(ENDPOINT_URL),--endpoint-url $(ENDPOINT_URL))

# The random tests draw one fixed sequence here, so that a failure is the change's; `make explore` draws new ones.
# The oracle is tested apart: what it depends on turns on features that the product is built without (serde_json's `preserve_order`).
# The longest comparisons draw a fifth of what they do in CI, so that whoever changes something has an answer within five minutes.
test: oauth-server a2a-peers moto chromium
	$(DRAWS) PROPTEST_RNG_SEED=2026 $(CARGO) $(TEST) --workspace --exclude policy-oracle --exclude bench --exclude bench-redaction
	$(DRAWS) $(CARGO) $(TEST) --package policy-oracle

DRAWS := TENANTGATE_ORACLE_MESSAGES=200000 TENANTGATE_ORACLE_TRIPLES=200000 TENANTGATE_ORACLE_WITNESSED=120 TENANTGATE_ORACLE_OPERATIONS=500 TENANTGATE_ORACLE_REVOCATIONS=200

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

# A scanner and Node packages beside it: other environments, since their requirements exclude each other's.
terraform-tools: moto
	$(call install,target/checkov,terraform/tests/checkov/requirements.txt,checkov)
	@cmp -s terraform/tests/package-lock.json target/terraform-node/installed || { \
		rm -rf target/terraform-node && mkdir -p target/terraform-node && \
		cp terraform/tests/package.json terraform/tests/package-lock.json target/terraform-node && \
		npm ci --prefix target/terraform-node --silent --no-audit --no-fund && \
		cp terraform/tests/package-lock.json target/terraform-node/installed; \
	} || { rm -rf target/terraform-node; echo "SKIPPED: the Node packages could not be installed; tests with them are skipped"; }

# Offline: mocked providers, an emulator, an evaluator of IAM policies. What is skipped is said, with the reason.
terraform-test: terraform-tools
	@if [ -x target/moto/bin/python ]; then \
		target/moto/bin/python -m pytest -p no:cacheprovider -rs --quiet --numprocesses 2 --dist loadfile terraform/tests; \
	else echo "SKIPPED: all tests of the Terraform modules"; fi

terraform-schema: terraform-tools
	target/moto/bin/python terraform/tests/gateway_schema.py

# Apart from `check`: it asks the Terraform registry.
check-online:
	python3 terraform/tests/check_online.py

terraform-docs: terraform-tools
	python3 terraform/tests/module_docs.py

a2a-peers:
	$(call install,target/a2a-peers,tenantgate/tests/a2a/peers/requirements.txt,the A2A client and agent)

moto:
	$(call install,target/moto,terraform/tests/requirements.txt,the emulator of AWS)

# A package of the system: only root of a Debian can install it. Any Chromium or Chrome that is there will do.
chromium:
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
		{ [ "$$(id -u)" = 0 ] && apt-get install --yes --quiet --no-install-recommends chromium; } || \
		echo "SKIPPED: Chromium could not be installed; tests of the report's page are skipped"

SCALE ?=
scale:
	$(CARGO) build --release -p interceptors -p tenantgate --bins
	python3 bench/scale.py target/release $(SCALE)

# What `make test` does 400 times.
revocation: build
	TENANTGATE_ORACLE_REVOCATIONS=10000 $(CARGO) test --workspace --exclude policy-oracle --exclude bench --exclude bench-redaction --test operations -- revocation::

# What `make test` does in 2,000 steps.
model:
	TENANTGATE_ORACLE_OPERATIONS=100000 $(CARGO) test --workspace --exclude policy-oracle --exclude bench --exclude bench-redaction --test it -- model::

explore:
	for round in 1 2 3 4 5; do \
		export TENANTGATE_ORACLE_SEED=$$(date +%s); \
		$(CARGO) $(TEST) --workspace --exclude policy-oracle --exclude bench --exclude bench-redaction || exit 1; \
		$(CARGO) $(TEST) --package policy-oracle || exit 1; \
	done

check: DRAWS :=
check: lint docs test terraform-test replay

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

# ARCH=arm64 or ARCH=x86_64 for one processor alone, VERIFY=1 to build twice and compare: docs/deploy.md.
ARCH ?=
VERIFY ?=
package:
	$(call install,target/cargo-lambda,packaging/requirements.txt,cargo-lambda)
	target/cargo-lambda/bin/python packaging/package.py $(addprefix --arch ,$(ARCH)) $(if $(VERIFY),--verify)

# A root that was initialised for another unit is initialised anew: its state is never copied under this unit's key.
ROOT ?= terraform/examples/complete
BACKEND_CONFIG ?=
TENANTGATE ?= $(CARGO) run --quiet --package tenantgate --
# What is given reaches the shell in quotes, and make expands nothing in it.
unexport ENV APP_ID AGENT_NAME TENANT_ALIAS ROOT BACKEND_CONFIG
given = '$(subst ','\'',$(value $(1)))'
# What is given, and is empty, is a variable that a pipeline did not set: another unit's state.
not_empty = $(if $(filter command environment,$(origin $(1))),$(if $(strip $(value $(1))),,$(error $(1) is empty; leave it out where there is none)))
required = $(if $(value $(1)),,$(error $(1) is missing, as in: make tf-init ENV=prod APP_ID=billing))

# Terraform looks for a file of settings in ROOT, and whoever names one stands here.
tf-init:
	$(call required,ENV)$(call required,APP_ID)$(call not_empty,AGENT_NAME)$(call not_empty,TENANT_ALIAS)@key=$$($(TENANTGATE) state key --env=$(call given,ENV) --app-id=$(call given,APP_ID) \
		$(if $(value AGENT_NAME),--agent-name=$(call given,AGENT_NAME)) \
		$(if $(value TENANT_ALIAS),--tenant-alias=$(call given,TENANT_ALIAS))) || exit; \
	settings=$(call given,BACKEND_CONFIG); \
	case "$$settings" in ''|/*|*=*) ;; *) settings="$$PWD/$$settings" ;; esac; \
	terraform -chdir=$(call given,ROOT) init -reconfigure -input=false \
		$${settings:+-backend-config="$$settings"} -backend-config="key=$$key"

# The functions NAME-request and NAME-response at ALIAS, or those of FUNCTIONS; with GATEWAY also whether it calls them.
NAME ?= tenantgate
ALIAS ?= live
FUNCTIONS ?= $(foreach point,request response,$(NAME)-$(point):$(ALIAS)=target/package/$(point)-interceptor-$(or $(ARCH),arm64).zip)
GATEWAY ?=
deploy-check:
	$(CARGO) run --quiet -p tenantgate -- deploy check $(addprefix --function ,$(FUNCTIONS)) $(if $(GATEWAY),--gateway $(GATEWAY))

# Random changes of the seeds in fuzz/corpus, SECONDS for each target; for libFuzzer see fuzz/README.md.
SECONDS ?= 300
fuzz:
	$(CARGO) build -p fuzz-bodies --bin mutate
	for target in scanner redactor detectors event; do target/debug/mutate $$target $(SECONDS) $$(date +%s) || exit 1; done
