"""The demo certificate authority: keys, certificates, revocation."""
