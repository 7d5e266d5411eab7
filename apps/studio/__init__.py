"""The studios: a form that a model's dialect writes, jobs that the server does, and what came of them.

A new family is a module here with one `Family` (see `images.py`), named in `families.py`. It brings

1. `templates/studio/results/_<name>.html`: a finished job's results, within its card. It gets `card`, with
   `card.outputs` and `card.result`, which `Family.result` made of the job.
2. if its form asks for more than a prompt: a template as `Family.asks`, which gets `form`: each field has a name, its
   text in `form.texts.<name>` and its error in `form.errors.<name>`. `Family.read` makes of the texts what they give to
   the MediaRequest, raising NotMade(sentence, field) for what is wrong; `Family.write` makes the texts of a job again.
3. words for its tasks in `Family.tasks`, and in `Family.goes_on` for those that go on from something upstream.

Parameters, files, route and task come from the dialect; rail, keeping, validation, jobs and the inspector from here.
Addresses and gates follow `families.ALL` by themselves. Styles of results: `static/css/components/results.css`.
"""
