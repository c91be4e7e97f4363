"""The compiled room: see README.md beside this file."""
