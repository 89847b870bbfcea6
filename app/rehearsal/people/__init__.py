"""The simulated people: who takes part, what each remembers and writes, and how a form is filled in."""
