"""One prompt to several columns of model, format and parameters; each answer is an ordinary run."""
