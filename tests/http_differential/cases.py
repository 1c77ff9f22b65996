"""Byte sequences on which HTTP servers disagree: the corpus of request smuggling, and what must keep working.

Each case is (name, bytes, must_refuse). Every case is followed by a second, plain request, so that a server that takes
the wrong number of bytes for the first one shows it. `must_refuse` marks what no server of ours may ever take, whatever
its peers do.
"""

FOLLOWER = b"GET /follower HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def post(fields, content=b"", version=b"1.1"):
    return b"POST /case HTTP/" + version + b"\r\nHost: x\r\n" + fields + b"\r\n" + content


def get(line=b"GET /case HTTP/1.1", fields=b"Host: x\r\n"):
    return line + b"\r\n" + fields + b"\r\n"


def chunked(content):
    return post(b"Transfer-Encoding: chunked\r\n", content)


LAST = b"0\r\n\r\n"

PLAIN = [
    ("get", get(), False),
    ("head", get(b"HEAD /case HTTP/1.1"), False),
    ("delete", get(b"DELETE /case HTTP/1.1"), False),
    ("content by length", post(b"Content-Length: 5\r\n", b"hello"), False),
    ("length with leading zeros", post(b"Content-Length: 005\r\n", b"hello"), False),
    ("length 0", post(b"Content-Length: 0\r\n"), False),
    ("post without content", post(b""), False),
    ("get with content", get(fields=b"Host: x\r\nContent-Length: 3\r\n") + b"abc", False),
    ("chunked", chunked(b"5\r\nhello\r\n" + LAST), False),
    ("chunked, capital letters", post(b"TRANSFER-ENCODING: CHUNKED\r\n", b"A\r\n0123456789\r\n" + LAST), False),
    ("chunk extensions", chunked(b"5;a=b;c=\"d\"\r\nhello\r\n0;e\r\n\r\n"), False),
    ("trailer", chunked(b"5\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\n"), False),
    ("trailer that looks like framing", chunked(b"5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"), False),
    ("request inside content", post(b"Content-Length: 38\r\n", b"GET /inside HTTP/1.1\r\nHost: inside\r\n\r\n"), False),
    ("absolute target", get(b"GET http://x/case HTTP/1.1"), False),
    ("empty line before", b"\r\n" + get(), False),
    ("value in white space", get(fields=b"Host: \t x \t\r\n"), False),
    ("obs-text in a value", get(fields=b"Host: x\r\nX: \xe4\xf6\r\n"), False),
    ("escapes in the target", get(b"GET /case%20%2f?a=%26 HTTP/1.1"), False),
    ("100-continue with content", post(b"Expect: 100-continue\r\nContent-Length: 5\r\n", b"hello"), False),
]

LENGTHS = [
    ("CL.TE", post(b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", LAST + b"G"), True),
    ("TE.CL", post(b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"5c\r\nGPOST"), True),
    ("CL 0 and TE", post(b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", LAST), True),
    ("two equal lengths", post(b"Content-Length: 5\r\nContent-Length: 5\r\n", b"hello"), True),
    ("two lengths, longer last", post(b"Content-Length: 0\r\nContent-Length: 5\r\n", b"hello"), True),
    ("two lengths, shorter last", post(b"Content-Length: 5\r\nContent-Length: 0\r\n", b"hello"), True),
    ("list of lengths", post(b"Content-Length: 5, 5\r\n", b"hello"), True),
    ("list of differing lengths", post(b"Content-Length: 5, 0\r\n", b"hello"), True),
    ("plus sign", post(b"Content-Length: +5\r\n", b"hello"), True),
    ("minus sign", post(b"Content-Length: -5\r\n", b"hello"), True),
    ("hexadecimal", post(b"Content-Length: 0x5\r\n", b"hello"), True),
    ("fraction", post(b"Content-Length: 5.0\r\n", b"hello"), True),
    ("underscore", post(b"Content-Length: 0_5\r\n", b"hello"), True),
    ("empty length", post(b"Content-Length:\r\n"), True),
    ("inner space", post(b"Content-Length: 5 5\r\n", b"hello"), True),
    ("length of 20 digits", post(b"Content-Length: 99999999999999999999\r\n", b"hello"), True),
    ("length that wraps 64 bits", post(b"Content-Length: 18446744073709551621\r\n", b"hello"), True),
    ("full-width digits", post("Content-Length: ５\r\n".encode(), b"hello"), True),
]

CODINGS = [
    ("gzip", post(b"Transfer-Encoding: gzip\r\n", b"hello"), True),
    ("identity", post(b"Transfer-Encoding: identity\r\n", b"hello"), True),
    ("identity and length", post(b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", b"hello"), True),
    ("gzip, chunked", post(b"Transfer-Encoding: gzip, chunked\r\n", LAST), True),
    ("chunked, gzip", post(b"Transfer-Encoding: chunked, gzip\r\n", LAST), True),
    ("chunked, chunked", post(b"Transfer-Encoding: chunked, chunked\r\n", LAST), True),
    ("chunked twice", post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", LAST), True),
    ("chunked, then identity", post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", LAST), True),
    ("xchunked", post(b"Transfer-Encoding: xchunked\r\n", LAST), True),
    ("chunked with a semicolon", post(b"Transfer-Encoding: chunked;\r\n", LAST), True),
    ("quoted", post(b"Transfer-Encoding: \"chunked\"\r\n", LAST), True),
    ("vertical tab", post(b"Transfer-Encoding: \x0bchunked\r\n", LAST), True),
    ("form feed behind", post(b"Transfer-Encoding: chunked\x0c\r\n", LAST), True),
    ("NUL behind", post(b"Transfer-Encoding: chunked\x00\r\n", LAST), True),
    ("no-break space", post(b"Transfer-Encoding: \xa0chunked\r\n", LAST), True),
    ("empty coding and length", post(b"Transfer-Encoding:\r\nContent-Length: 5\r\n", b"hello"), True),
    ("HTTP/1.0 with a coding", post(b"Transfer-Encoding: chunked\r\n", LAST, b"1.0"), True),
    ("space before the colon", post(b"Transfer-Encoding : chunked\r\n", LAST), True),
    ("tab before the colon", post(b"Content-Length\t: 5\r\n", b"hello"), True),
    ("folded coding", post(b"Transfer-Encoding:\r\n chunked\r\n", LAST), True),
    ("coding in a fold", post(b"X: y\r\n Transfer-Encoding: chunked\r\n", LAST), True),
    ("white space before a name", post(b" Transfer-Encoding: chunked\r\n", LAST), True),
    ("coding behind a bare CR", post(b"X: y\rTransfer-Encoding: chunked\r\n", LAST), True),
    ("coding behind a bare LF", post(b"X: y\nTransfer-Encoding: chunked\r\n", LAST), True),
    ("coding behind CR CR", post(b"X: y\r\r\nTransfer-Encoding: chunked\r\n", LAST), True),
]

CHUNKS = [
    ("size with 0x", chunked(b"0x5\r\nhello\r\n" + LAST), True),
    ("size with a sign", chunked(b"+5\r\nhello\r\n" + LAST), True),
    ("size with an underscore", chunked(b"0_5\r\nhello\r\n" + LAST), True),
    ("space before the size", chunked(b" 5\r\nhello\r\n" + LAST), True),
    ("space behind the size", chunked(b"5 \r\nhello\r\n" + LAST), True),
    ("empty size", chunked(b"\r\nhello\r\n" + LAST), True),
    ("size that wraps 64 bits", chunked(b"10000000000000005\r\nhello\r\n" + LAST), True),
    ("size that wraps 32 bits", chunked(b"100000005\r\nhello\r\n" + LAST), True),
    ("size of all ones", chunked(b"ffffffffffffffff\r\nhello\r\n" + LAST), True),
    ("LF behind the size", chunked(b"5\nhello\r\n" + LAST), True),
    ("LF behind the data", chunked(b"5\r\nhello\n" + LAST), True),
    ("data longer than its size", chunked(b"5\r\nhello!\r\n" + LAST), True),
    ("data shorter than its size", chunked(b"6\r\nhello\r\n" + LAST), True),
    ("LF in an extension", chunked(b"5;a\nb\r\nhello\r\n" + LAST), True),
    ("CR in an extension", chunked(b"5;a\rb\r\nhello\r\n" + LAST), True),
    ("last chunk ended by LF", chunked(b"5\r\nhello\r\n0\n\n"), True),
    ("folded trailer", chunked(b"5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n"), True),
    ("trailer without a colon", chunked(b"5\r\nhello\r\n0\r\nAb\r\n\r\n"), True),
]

LINES = [
    ("bare LF everywhere", b"GET /case HTTP/1.1\nHost: x\n\n", True),
    ("bare LF behind the request line", b"GET /case HTTP/1.1\nHost: x\r\n\r\n", True),
    ("bare CR behind the request line", b"GET /case HTTP/1.1\rHost: x\r\n\r\n", True),
    ("CR LF CR CR LF", b"GET /case HTTP/1.1\r\nHost: x\r\n\r\r\n", True),
    ("no host", get(fields=b""), True),
    ("two hosts", get(fields=b"Host: x\r\nHost: y\r\n"), True),
    ("host with a comma and space", get(fields=b"Host: x, y\r\n"), True),
    ("host with a slash", get(fields=b"Host: x/y\r\n"), True),
    ("NUL in the target", get(b"GET /ca\x00se HTTP/1.1"), True),
    ("space in the target", get(b"GET /ca se HTTP/1.1"), True),
    ("tab instead of space", get(b"GET\t/case\tHTTP/1.1"), True),
    ("two spaces", get(b"GET  /case HTTP/1.1"), True),
    ("space behind the version", get(b"GET /case HTTP/1.1 "), True),
    ("HTTP/0.9", b"GET /case\r\n", True),
    ("HTTP/2.0", get(b"GET /case HTTP/2.0"), True),
    ("HTTP/1.10", get(b"GET /case HTTP/1.10"), True),
    ("lower-case protocol", get(b"GET /case http/1.1"), True),
    ("relative target", get(b"GET case HTTP/1.1"), True),
    ("fragment", get(b"GET /case#f HTTP/1.1"), True),
    ("colon first", get(fields=b"Host: x\r\n: y\r\n"), True),
    ("field without a colon", get(fields=b"Host: x\r\nContent-Length\r\n"), True),
    ("NUL in a value", get(fields=b"Host: x\r\nX: a\x00b\r\n"), True),
    ("NUL in a name", get(fields=b"Host: x\r\nX\x00: b\r\n"), True),
    ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", True),
    ("field line 100 KB long", get(fields=b"Host: x\r\nX: " + b"a" * 100_000 + b"\r\n"), True),
]

CASES = PLAIN + LENGTHS + CODINGS + CHUNKS + LINES
