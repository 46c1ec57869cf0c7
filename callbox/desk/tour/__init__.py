"""The guided tour of the demonstration agency. Its addresses exist in the demonstration alone (desk/urls.py)."""
