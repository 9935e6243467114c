"""The use cases: join pure code to the adapters. workspace.py is the only place that names concrete ones."""
