"""The attacks that the sandbox is held against: one table, from which tests and docs/attacks.md are made."""
