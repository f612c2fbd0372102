"""Python's urllib or the requests library. Usage: python.py urllib|requests BASE-URL"""

import base64
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_SECONDS = 60


def post_by_urllib(url, body, headers):
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read()


def post_by_requests(url, body, headers):
    import requests

    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS)
    return answer.status_code, answer.headers, answer.content


def check(holds, sentence):
    if not holds:
        sys.exit(f"{library}: {sentence}")


def call(path, body, headers):
    try:
        status, answer_headers, text = post(base + path, body, headers)
    except OSError as failure:  # both libraries' exceptions are
        sys.exit(f"{library}: POST {path} got no answer: {failure}")
    check(status == 200, f"POST {path} was answered {status}: {text[:500]!r}")
    return answer_headers, json.loads(text)


def fetch_token(path):
    form = {
        "grant_type": "password",
        "username": "app",
        "password": "p#a@s&s",
        "client_id": "app",
        "client_secret": "a+b%",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    _, answer = call(path, urllib.parse.urlencode(form).encode(), headers)
    check(answer.get("access_token"), f"POST {path} brought no access_token")
    check(answer.get("expires_in") == 600, f"POST {path} brought no expires_in of 600")
    return answer["access_token"]


def read_document(token, framing, body):
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    answer_headers, answer = call("/api/v1.5/ocr/", body, headers)
    check("transaction_id" in answer, f"an answer ({framing}) has no transaction_id")
    hmac = answer_headers.get("hmac", "")
    check(re.fullmatch("[0-9a-f]{128}", hmac), f"an answer ({framing}) has no hmac header")


library, base = sys.argv[1:]
post = {"urllib": post_by_urllib, "requests": post_by_requests}[library]

for token_path in ("/api/o/token/", "//api/o/token/"):
    access_token = fetch_token(token_path)

image = base64.b64encode(os.urandom(1_572_864)).decode()
data = {"front_img": image, "bundle_key": "7f1c9e52-demo-bundle", "lang": "en"}
document = json.dumps({"document_type": "egy_nid", "data": data}).encode()
read_document(access_token, "with Content-Length", document)
# Both send an iterator in chunks, since it has no length.
read_document(access_token, "chunked", (document[i : i + 65536] for i in range(0, len(document), 65536)))
