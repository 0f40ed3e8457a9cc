"""Promises proved at full size: `make prove`.  Every module but `run` is a proof: `TITLE`, `prove()`."""
