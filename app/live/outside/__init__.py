"""Guests whose pass is not good: before and after the phases that they are let in for."""
