"""Runs the platform's processes as one: starts them in order, watches them, stops them together."""
