"""Who meets whom in which slot, and at which table: pure and synchronous. The same problem and seed give one plan.

``problem`` says what is asked, ``plan`` holds meetings in slots and takes every move back, ``chains`` finds places
where none is free, ``search`` makes the whole plan, ``gaps`` fills what stays empty at the bell; ``trios`` makes groups
of three, ``seating`` finds tables, ``capacity`` says beforehand what will not fit.
"""
