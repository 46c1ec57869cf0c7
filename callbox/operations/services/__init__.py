"""What is done about cases."""
