"""The real platform, and visitors who use it, for journeys and proofs."""
