# Each target is one plain script; the scripts work without make too.
.PHONY: run test prove bench lock format clean

run:
	@scripts/run

test:
	@scripts/test

prove:
	@scripts/prove

bench:
	@scripts/bench

lock:
	@scripts/lock

format:
	@scripts/format

clean:
	@scripts/clean
