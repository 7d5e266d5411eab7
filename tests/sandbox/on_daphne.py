"""The sandbox as daphne serves it: `daphne tests.sandbox.on_daphne:application`."""

import os

from apps.sandbox.app import create_application

application = create_application(os.environ["SANDBOX_KEY"], show_requests=True)
