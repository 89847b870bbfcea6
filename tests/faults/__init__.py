"""Faults and attacks. One module for each row of the catalogue, named after it (``d1.py`` is D1)
and found by that name.

A row's docstring begins with what is done to the server; ``CHECKED`` says what must hold. ``run(dose, folder)`` does it
and returns a ``Finding`` (or just how often, and the violations). Where a row has ``BROKEN``, names of modules in
``broken/``, ``run`` also takes one of them, and must then find something: a harness that cannot fail proves nothing.
"""
