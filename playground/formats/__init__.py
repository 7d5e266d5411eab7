"""How numbers are written where Django's own files differ from the reader's habit."""
