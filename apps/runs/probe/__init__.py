"""What the models of an upstream can do, found out by asking them: a matrix of checks, each with a run as evidence."""
