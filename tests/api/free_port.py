"""A port for a server that a test starts in a moment."""

import random
import socket

# Beside what the kernel gives to connections and to whoever binds port 0 (net.ipv4.ip_local_port_range): a port from
# there may be somebody's connection by the time that the server binds it.
LOWEST, HIGHEST = 10_000, 32_000


def free_port():
    while True:
        port = random.randint(LOWEST, HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
