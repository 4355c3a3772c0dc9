"""Stands between a terminal and its platform with TLS identities of its own and keeps what both say in the clear.

    recorder.py PORT TARGET-PORT SERVER-PEM CLIENT-PEM AUTHORITY FILE

SERVER-PEM is shown to the terminal, CLIENT-PEM to the platform, each with its key; the terminal must show a certificate
of AUTHORITY, and so must the platform."""
import socket
import ssl
import sys
import threading

port, target, server, client, authority, path = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:7]
near = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
near.load_cert_chain(server)
near.load_verify_locations(authority)
near.verify_mode = ssl.CERT_REQUIRED
far = ssl.create_default_context(cafile=authority)
far.load_cert_chain(client)
kept = open(path, "ab", buffering=0)


def pump(one, other):
    try:
        while octets := one.recv(65536):
            kept.write(octets)
            other.sendall(octets)
    except OSError:
        pass
    for end in (one, other):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(connection):
    try:
        one = near.wrap_socket(connection, server_side=True)
        other = far.wrap_socket(socket.create_connection(("127.0.0.1", target), 10), server_hostname="127.0.0.1")
        other.settimeout(None)
    except OSError as error:
        print(f"refused: {error}", flush=True)
        connection.close()
        return
    threading.Thread(target=pump, args=(one, other), daemon=True).start()
    pump(other, one)


with socket.create_server(("127.0.0.1", port)) as listening:
    print("ready", flush=True)
    while True:
        threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()
