"""Addresses that lead, or could be taken to lead, into the network of whoever runs the desk.

`PORT` stands for the port of a listener on loopback which nobody may reach.
"""

LOOPBACK_SPELLINGS = """
127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.254 0 0.0.0.0 0.0.0.1 2130706433 017700000001 0x7f000001
0x7F000001 0x7f.1 0x7f.0.0.1 0x7f.0x0.0x0.0x1 0177.0.0.1 0177.1 0177.0x0.0.1 00177.0.0.01 127.0.0.01
127.000.000.001 0x7f.000001 127.0.0.0x1 127.0x1 4294967295 4294967296 6425673729 127.0.0.1. 127.0.0.1..
2130706433. 0x7f000001. 127..1 .127.0.0.1 127.0.0.1.0 127.0.0.1%00 localhost LOCALHOST LocalHost localhost.
localhost.. localhost.localdomain ip6-localhost ip6-loopback
""".split()

BRACKETED = """
[::1] [::] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [::127.0.0.1] [::7f00:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::FFFF:127.0.0.1] [::ffff:0:127.0.0.1]
[::ffff:0.0.0.0] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::127.0.0.1] [64:ff9b::10.0.0.1]
[2002:7f00:1::] [2002:7f00:0001::1] [2002:a00:1::] [2001:0:7f00:1::] [2001::80ff:fffe]
[2001:0:0:0:0:0:80ff:fffe] [fe80::1] [fe80::1%lo] [fe80::1%25lo] [::1%1] [::1%25lo] [fc00::1]
[fd00:ec2::254] [fec0::1] [ff02::1] [ff0e::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1] [2001:10::1]
[2606:4700::5efe:127.0.0.1] [2606:4700::200:5efe:7f00:1] [127.0.0.1] [localhost] [::1 []
""".split()

PRIVATE = """
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 192.168.1.254 169.254.169.254 169.254.170.2
169.254.0.1 100.64.0.1 100.100.100.200 100.127.255.254 168.63.129.16 192.0.0.1 192.0.0.192 192.0.2.1
192.88.99.1 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 2852039166 0xa9fea9fe 0251.0376.0251.0376 [::ffff:169.254.169.254] [::ffff:a9fe:a9fe]
[64:ff9b::a9fe:a9fe]
""".split()

# Names; what the resolver of the tests says of them stands in ANSWERS.
NAMED = """
inside.example router.example meta.example mixed.example mixed6.example six.example mapped.example
nat64.example sixtofour.example teredo.example scoped.example cgnat.example multicast.example zero.example
broadcast.example inside.example. INSIDE.example metadata.google.internal db intranet xn--bcher-kva.example
bücher.example 127.0.0.1.nip.example spoofed.example nonsense.example
""".split()

ANSWERS = {
    "inside.example": ["127.0.0.1"],
    "router.example": ["192.168.0.1"],
    "meta.example": ["169.254.169.254"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "mixed6.example": ["2606:4700::1111", "::1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::"],
    "teredo.example": ["2001::80ff:fffe"],
    "scoped.example": ["fe80::1%2"],
    "cgnat.example": ["100.64.0.1"],
    "multicast.example": ["224.0.0.1"],
    "zero.example": ["0.0.0.0"],
    "broadcast.example": ["255.255.255.255"],
    "metadata.google.internal": ["169.254.169.254"],
    "db": ["127.0.0.1"],
    "intranet": ["10.0.0.1"],
    "xn--bcher-kva.example": ["127.0.0.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "spoofed.example": ["127.0.0.1"],
    "nonsense.example": ["not an address"],
}

WRITTEN_ODDLY = (
    # names and passwords, and what is mistaken for the host
    "http://ada@127.0.0.1:PORT/",
    "http://public.example@127.0.0.1:PORT/",
    "http://public.example:80@127.0.0.1:PORT/",
    "http://public.example%40127.0.0.1:PORT/",
    "http://127.0.0.1:PORT@inside.example:PORT/",
    "http://@127.0.0.1:PORT/",
    "http://:@127.0.0.1:PORT/",
    "http://public.example#@127.0.0.1:PORT/",
    "http://public.example?@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@public.example/",
    "http://127.0.0.1:PORT?@public.example/",
    "http://127.0.0.1:PORT\\@public.example/",
    "http://public.example\\@127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT/",
    "http:/\\127.0.0.1:PORT/",
    # slashes
    "http:127.0.0.1:PORT/",
    "http:/127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/",
    "http:////127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT/",
    "/",
    "",
    "http://",
    "http://:PORT/",
    "http://./",
    # letters that are made into dots and digits
    "http://127。0。0。1:PORT/",
    "http://127．0．0．1:PORT/",
    "http://127｡0｡0｡1:PORT/",
    "http://１２７.0.0.1:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://𝟏𝟐𝟕.0.0.1:PORT/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
    "http://ｌocalhost:PORT/",
    "http://localho\u017ft:PORT/",
    "http://local\u00adhost:PORT/",
    "http://local\u200bhost:PORT/",
    "http://localhost\u3002:PORT/",
    "http://127.0.0.1\uff0fpublic.example:PORT/",
    "http://public.example\uff0f@127.0.0.1:PORT/",
    "http://public.example\u2100.inside.example:PORT/",
    # escapes
    "http://%31%32%37.0.0.1:PORT/",
    "http://127%2e0%2e0%2e1:PORT/",
    "http://%6c%6f%63%61%6c%68%6f%73%74:PORT/",
    "http://localhost%2f:PORT/",
    "http://localhost%00.public.example:PORT/",
    "http://127.0.0.1%0d%0aHost:PORT/",
    # control characters and blanks
    "http://127.0.0.1:PORT/\r\nX-Evil: 1",
    "http://127.0.0.1\r\n:PORT/",
    "http://127.0.0.1\n:PORT/",
    "http://127.0.0.1\t:PORT/",
    "http://127.0.0.1\x00:PORT/",
    "http://public.example\x00.inside.example:PORT/",
    " http://127.0.0.1:PORT/",
    "\thttp://127.0.0.1:PORT/",
    "ht\ntp://127.0.0.1:PORT/",
    "http://127.0.0.1:PORT/ HTTP/1.1",
    "http://127.0.0.1 :PORT/",
    "http://public.example 127.0.0.1:PORT/",
    # other schemes
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_GET",
    "file:///etc/hosts",
    "file://127.0.0.1:PORT/etc/hosts",
    "unix:///run/docker.sock",
    "http+unix://%2frun%2fdocker.sock/",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "dict://127.0.0.1:PORT/info",
    "ldap://127.0.0.1:PORT/",
    "ws://127.0.0.1:PORT/",
    "jar:http://127.0.0.1:PORT/!/",
    "url:http://127.0.0.1:PORT/",
    "view-source:http://127.0.0.1:PORT/",
    "HTTP://127.0.0.1:PORT/",
    # ports
    "http://inside.example:0/",
    "http://inside.example:22/",
    "http://inside.example:6379/",
    "http://inside.example:65536/",
    "http://inside.example:99999999999/",
    "http://inside.example:-1/",
    "http://inside.example:+80/",
    "http://inside.example:8e1/",
    "http://inside.example:PORT:80/",
    "http://inside.example:８０/",
    # too much
    "http://127.0.0.1:PORT/" + "a" * 2_000,
    "http://" + "a" * 64 + ".example:PORT/",
    "http://" + "a." * 400 + "example:PORT/",
    "http://" + "0" * 900 + "2130706433:PORT/",
)

TRICKS = (
    *(f"http://{host}:PORT/secret" for host in (*LOOPBACK_SPELLINGS, *BRACKETED, *PRIVATE, *NAMED)),
    *WRITTEN_ODDLY,
)
