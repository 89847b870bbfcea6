"""Hints at what others have written, while somebody writes the same."""
