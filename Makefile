# Each target is one plain script; the scripts work without make too.
.PHONY: run test prove bench sbom audit lock format clean

run:
	@scripts/run

test:
	@scripts/test

prove:
	@scripts/prove

bench:
	@scripts/bench

sbom:
	@scripts/sbom

audit:
	@scripts/audit

lock:
	@scripts/lock

format:
	@scripts/format

clean:
	@scripts/clean
