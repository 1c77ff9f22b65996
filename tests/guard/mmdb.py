"""Writes small databases in MaxMind's format (MMDB 2.0, maxmind.github.io/MaxMind-DB), as tests need them."""

import ipaddress
import time

MARKER = b"\xab\xcd\xefMaxMind.com"
RECORD_BITS = 32
DATA_SEPARATOR = bytes(16)
TEXT, DOUBLE, BYTES, UINT16, UINT32, MAP, UINT64, ARRAY = 2, 3, 4, 5, 6, 7, 9, 11


def field(kind, size):
    """A control byte; sizes of 29 and more take a second one."""
    assert size < 29 + 256, size
    head = [(kind if kind < 8 else 0) << 5 | min(size, 29)]
    if kind >= 8:
        head.append(kind - 7)
    return bytes(head + ([size - 29] if size >= 29 else []))


def number(kind, value):
    content = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return field(kind, len(content)) + content


def encoded(value):
    """Texts, lists, maps and whole numbers, which are uint32 unless they are told otherwise: (UINT16, 6)."""
    if isinstance(value, str):
        return field(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return field(MAP, len(value)) + b"".join(encoded(name) + encoded(of) for name, of in value.items())
    if isinstance(value, list):
        return field(ARRAY, len(value)) + b"".join(map(encoded, value))
    kind, whole = value if isinstance(value, tuple) else (UINT32, value)
    return number(kind, whole)


def bits_of(network):
    """IPv4 lies in the first 2^32 addresses."""
    wide = ipaddress.ip_network(network)
    length = wide.prefixlen + (96 if wide.version == 4 else 0)
    whole = int(wide.network_address)
    return [whole >> (127 - bit) & 1 for bit in range(length)]


def write(path, kind, records):
    """`records`: {"203.0.113.0/24": {"country": {"iso_code": "DE"}}}, none of them within another."""
    nodes, data, offsets = [[None, None]], b"", {}
    for network, record in records.items():
        node, bits = 0, bits_of(network)
        for bit in bits[:-1]:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        content = encoded(record)
        if content not in offsets:
            offsets[content] = len(data)
            data += content
        nodes[node][bits[-1]] = ("data", offsets[content])
    tree = b"".join(record_of(child, len(nodes)) for node in nodes for child in node)
    about = {"binary_format_major_version": (UINT16, 2), "binary_format_minor_version": (UINT16, 0),
             "build_epoch": (UINT64, int(time.time())), "database_type": kind, "description": {"en": "of a test"},
             "ip_version": (UINT16, 6), "languages": ["en"], "node_count": len(nodes),
             "record_size": (UINT16, RECORD_BITS)}
    with open(path, "wb") as out:
        out.write(tree + DATA_SEPARATOR + data + MARKER + encoded(about))


def record_of(child, nodes):
    if child is None:
        value = nodes
    elif isinstance(child, tuple):
        value = nodes + len(DATA_SEPARATOR) + child[1]
    else:
        value = child
    return value.to_bytes(RECORD_BITS // 8, "big")
