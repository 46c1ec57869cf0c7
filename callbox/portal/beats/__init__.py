"""Who polices my street: by street, by a click on a picture, by a list. Nothing anybody looks for is kept."""
