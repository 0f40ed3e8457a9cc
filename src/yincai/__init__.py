"""Yincai (引才): the platform on which a city's talent services run."""
