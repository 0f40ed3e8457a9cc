"""Making an uploaded file safe: plain functions, no Django.

`inspection.inspect` is the entrance. Run it only through `documents.reader`, which gives each file a
process of its own with limits; nothing is imported here, so that the web process never loads a parser.
"""
