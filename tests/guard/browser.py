"""What a browser sends, and a page that somebody has used."""

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "*/*",
    "Accept-Language": "de",
    "Accept-Encoding": "gzip",
    "Doorbuster-Page": "first=2100,moves=30,keys=2,touches=0,focus=1",
}
