"""A verifier written from docs/spec/bundle.md alone, with PyPI 'cryptography' and nothing of the project."""
