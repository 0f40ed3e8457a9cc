"""Telling people: the inbox and SMS."""
