"""The rules of a live session: pure, synchronous, standard library only.

Nothing in here reads a clock, a disk, a network or a random number: time and seeds come in with the command.
"""
