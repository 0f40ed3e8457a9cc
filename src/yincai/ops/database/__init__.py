"""The embedded PostgreSQL: finds the programs, makes the cluster, starts, checks and stops it."""
