"""The local model's server, in a process of its own: `python -m apps.upstreams.local_server`, without Django.

Reads one JSON line `{"weights": path, "key": key, "parent": process id}` from standard input, so that the key is in no
process list, and prints `{"address": url}` when it listens. It ends when standard input does: the parent holds the
other end.
"""

import ctypes
import json
import os
import signal
import sys

SLOTS = 4
CONTEXT = 8192  # tokens, shared by the slots; what the model was trained for
PROMPT_CACHE_MB = 64
PR_SET_PDEATHSIG = 1


def parameters(weights: str, key: str):
    import xllamacpp

    wanted = xllamacpp.CommonParams()
    wanted.model.path = weights
    wanted.model_alias = {"SmolLM2-135M-Instruct"}
    wanted.hostnames, wanted.port, wanted.api_keys = ["127.0.0.1"], 0, [key]
    # A page of another site must not reach it: no origin is allowed, and the key is random.
    wanted.cors_origins, wanted.cors_credentials = "null", False
    wanted.ui = wanted.endpoint_slots = False
    wanted.n_ctx, wanted.n_parallel, wanted.kv_unified = CONTEXT, SLOTS, True
    wanted.cache_ram_mib = PROMPT_CACHE_MB
    wanted.n_gpu_layers = 0
    wanted.sampling.temp = 0.2
    wanted.verbosity = 0
    return wanted


def die_with_parent(parent: int) -> None:
    """Even a parent killed with -9 takes us along: standard input ends, and Linux sends the signal at once, unless it
    died before it was asked to."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def main() -> None:
    order = json.loads(sys.stdin.readline())
    die_with_parent(order["parent"])
    import xllamacpp

    os.nice(5)
    server = xllamacpp.Server(parameters(order["weights"], order["key"]))
    try:
        print(json.dumps({"address": server.listening_address}), flush=True)
        while sys.stdin.read(1):
            pass
    finally:
        # Also where nobody reads the address any more; its threads may be busy with an answer that nobody waits for.
        os._exit(0)


if __name__ == "__main__":
    main()
