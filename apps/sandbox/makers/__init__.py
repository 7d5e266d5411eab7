"""Makers of small real media: pictures, films, songs, speech, vectors. What is heavy is imported on its first use."""
