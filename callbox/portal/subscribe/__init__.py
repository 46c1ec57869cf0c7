"""News by e-mail: asked for, confirmed from a letter, ended with one click. The same answer for every address."""
