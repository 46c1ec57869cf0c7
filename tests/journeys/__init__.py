"""What people do on the desk from beginning to end, in a real browser."""
