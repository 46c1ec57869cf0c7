"""Django has an Arabic day and an Arabic hour, but writes both together in the order of English."""

DATETIME_FORMAT = "j F، Y، g:i A"
