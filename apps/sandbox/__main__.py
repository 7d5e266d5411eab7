"""The sandbox alone: `python -m apps.sandbox --port 9101 --key x`."""

import argparse

from .app import create_application


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m apps.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9101)
    parser.add_argument("--key", default="sandbox", help="what clients must give as their bearer token (%(default)s)")
    options = parser.parse_args()
    _serve(create_application(options.key, show_requests=True), options.host, options.port)


def _serve(application, host: str, port: int) -> None:
    try:
        import uvicorn
    except ImportError:
        from daphne.server import Server

        Server(application, endpoints=[f"tcp:port={port}:interface={host}"], signal_handlers=True).run()
    else:
        uvicorn.run(application, host=host, port=port, log_level="warning")


if __name__ == "__main__":
    main()
