"""One module for each outside authority; each gives one `SERVICE`."""
