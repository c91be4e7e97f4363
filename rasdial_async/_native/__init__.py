"""The C side: README.md beside this file describes it."""
