"""A port of 127.0.0.1 here that leads to one of 127.0.0.1 in another network namespace: `relay.py PORT NAMESPACE PORT`."""
import ctypes
import os
import queue
import socket
import sys
import threading

CLONE_NEWNET = 0x40000000


def connector(namespace, port, wanted):
    """Threads have namespaces of their own: this one makes its connections over there."""
    with open(namespace) as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), CLONE_NEWNET) != 0:
            os._exit(3)
    while True:
        near = wanted.get()
        try:
            far = socket.create_connection(("127.0.0.1", port), 10)
        except OSError:
            near.close()
            continue
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=pump, args=(one, other), daemon=True).start()


def pump(one, other):
    try:
        while octets := one.recv(65536):
            other.sendall(octets)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def main():
    port, namespace, target = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    wanted = queue.Queue()
    threading.Thread(target=connector, args=(namespace, target, wanted), daemon=True).start()
    with socket.create_server(("127.0.0.1", port)) as listening:
        print("ready", flush=True)
        while True:
            wanted.put(listening.accept()[0])


main()
