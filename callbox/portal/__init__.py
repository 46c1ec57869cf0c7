"""The public plane: pages and feeds that anybody may read without an account, a cookie or a script."""
