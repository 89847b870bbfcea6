"""What people have written in a session, for staff to erase."""
