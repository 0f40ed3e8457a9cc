"""The portal of a place: its first page, registering with one's real name, and its business systems."""
