"""Plays the outside authorities over real HTTP: its own process, its own fictional people."""
