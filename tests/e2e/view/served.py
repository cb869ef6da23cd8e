"""What `davsim view` says over HTTP, against the trace that protoc has decoded: served.py ADDRESS TRACE DECODED."""
import http.client
import json
import os
import socket
import struct
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import trace_check  # noqa: E402

TYPES = {"f64": "d", "u32": "I", "u8": "B"}
NONE = 0xffffffff


class Server:
    def __init__(self, address):
        self.host = urllib.parse.urlparse(address).netloc

    def ask(self, path, method="GET", **headers):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


def columns(pack):
    """The packed timeline: its JSON, and the columns as lists."""
    assert pack[:8] == b"DAVVIEW1", pack[:8]
    length = struct.unpack_from("<I", pack, 8)[0]
    head = json.loads(pack[16:16 + length])
    found = {}
    for name, column in head["columns"].items():
        kind = TYPES[column["type"]]
        found[name] = struct.unpack_from(f"<{column['count']}{kind}", pack, 16 + length + column["offset"])
        assert column["offset"] % 8 == 0, column
    return head, found


def check_timeline(server, reader):
    status, pack = server.ask("/timeline")
    assert status == 200, status
    head, column = columns(pack)
    text = head["strings"]
    rows = {}  # slice -> row
    for row in head["rows"]:
        first, count = row["slices"]
        rows.update({i: row["name"] for i in range(first, first + count)})
    got = [(rows[i], text[column["name"][i]], text[column["category"][i]], column["begin"][i], column["end"][i],
            column["task"][i]) for i in range(len(column["name"]))]
    expected = [(s["row"], s["name"], s["category"], s["begin"], s["end"], int(s["args"].get("task", NONE)))
                for s in reader.slices + reader.instants]
    assert len(got) > 100 and sorted(got) == sorted(expected), (len(got), len(expected))

    arrows = [(got[a], got[b]) for a, b in zip(column["flowFrom"], column["flowTo"])]
    assert len(arrows) == len(reader.starts) > 0, (len(arrows), len(reader.starts))
    for (_, _, _, _, _, a), (_, _, _, begin, _, b) in arrows:
        assert a == b or begin > 0, (a, b)
    return column, got


def check_details(server, reader, column, got):
    wanted = {(s["row"], s["begin"], s["category"]): s for s in reader.slices}
    for i in range(0, len(got), 7):
        status, body = server.ask(f"/slice/{i}")
        assert status == 200, status
        detail = json.loads(body)
        slice_ = wanted[got[i][0], got[i][3], got[i][2]]
        args = dict(detail["args"])
        assert args.keys() == slice_["args"].keys(), (args, slice_)
        for name in ("task", "func", "core", "cycles"):
            assert args.get(name) == slice_["args"].get(name), (name, args, slice_)
        begin = slice_["begin"] * 1000 + int(slice_["args"].get("begin ps", 0))
        assert int(detail["begin ps"]) == begin, (detail, slice_)
    for path in (f"/slice/{len(got)}", "/slice/-1", "/slice/", "/slice/1x", "/slice/99999999999999999999999"):
        assert server.ask(path)[0] == 404, path


def check_critical(server, reader, got):
    """Hops follow one another from the launch's begin to its end, and the kernels among them are tasks."""
    status, body = server.ask("/critical")
    assert status == 200, status
    critical = json.loads(body)
    launch, = [s for s in reader.slices if s["category"] == "launch"]
    hops, = critical["launches"]
    ends = [launch["begin"] * 1000 + int(launch["args"]["begin ps"])] + [hop[3] for hop in hops]
    assert [hop[2] for hop in hops] == ends[:-1], hops
    assert ends[-1] == launch["end"] * 1000 + int(launch["args"]["end ps"]), (ends[-1], launch)
    kernels = [got[slice_] for kind, slice_, _, _ in hops if critical["kinds"][kind] == "kernel"]
    assert kernels and all(kernel[2] == "task" for kernel in kernels), kernels


def main(address, trace, decoded):
    server = Server(address)
    reader = trace_check.read(decoded)
    column, got = check_timeline(server, reader)
    check_details(server, reader, column, got)
    check_critical(server, reader, got)

    status, body = server.ask("/trace")
    assert status == 200 and body == open(trace, "rb").read(), "not the trace"
    status, body = server.ask("/")
    assert status == 200 and b"<title>davsim view</title>" in body, body[:200]
    assert b"http://" not in body.replace(b"http://www.w3.org", b""), "the page loads something from elsewhere"

    for path in ("/nothing", "/../README.md", "/page.html", "//"):
        assert server.ask(path)[0] == 404, path
    assert server.ask("/", "POST")[0] == 405
    assert server.ask("/trace", Host="example.com:80")[0] == 403
    assert server.ask("/trace", Host="127.0.0.1")[0] == 403
    assert server.ask("/trace", Host=server.host + ".example.com")[0] == 403
    assert server.ask("/", Host=server.host.replace("127.0.0.1", "LocalHost"))[0] == 200
    connection = socket.create_connection(server.host.split(":"))  # a browser that goes before the answer is there
    connection.sendall(f"GET /timeline HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    connection = socket.create_connection(server.host.split(":"))  # no Host at all
    connection.sendall(b"GET /trace HTTP/1.0\r\n\r\n")
    assert b" 403 " in connection.recv(100)
    connection.close()
    assert server.ask("/")[0] == 200


if __name__ == "__main__":
    main(*sys.argv[1:4])
