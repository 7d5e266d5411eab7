"""Jobs: one thing to be made by a media endpoint, done by the server whatever the page does."""
