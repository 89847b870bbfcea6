"""The figures of the whole product, measured beside what others do, in one run: ``python -m tests.bench``."""
