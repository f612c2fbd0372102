#!/usr/bin/env bash
# curl: sends Expect: 100-continue before a large body by itself. Usage: curl.sh BASE-URL
set -euo pipefail
base=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "curl: $*" >&2
  exit 1
}

# Posts to a path; the answer's head and body are left in $work/head and $work/body.
post() { # PATH CURL-ARGUMENTS…
  local path=$1 status
  shift
  status=$(curl -sS --noproxy '*' -m 60 -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" "$base$path") ||
    fail "POST $path got no answer"
  [ "$status" = 200 ] || fail "POST $path was answered $status: $(head -c 500 "$work/body")"
}

for path in /api/o/token/ //api/o/token/; do
  post "$path" -d grant_type=password -d username=app -d client_id=app \
    --data-urlencode 'password=p#a@s&s' --data-urlencode 'client_secret=a+b%'
  token=$(sed -nE 's/.*"access_token" *: *"([^"]+)".*/\1/p' "$work/body")
  [ -n "$token" ] || fail "POST $path brought no access_token"
  grep -qE '"expires_in" *: *600[^0-9]' "$work/body" || fail "POST $path brought no expires_in of 600"
done

{
  printf '{"document_type":"egy_nid","data":{"front_img":"'
  head -c 1572864 /dev/urandom | base64 | tr -d '\n'
  printf '","bundle_key":"7f1c9e52-demo-bundle","lang":"en"}}'
} > "$work/document.json"
for framing in 'Transfer-Encoding:' 'Transfer-Encoding: chunked'; do
  post /api/v1.5/ocr/ -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -H "$framing" \
    --data-binary "@$work/document.json"
  grep -q '"transaction_id"' "$work/body" || fail "an answer ($framing) has no transaction_id"
  grep -qiE '^hmac: [0-9a-f]{128}' "$work/head" || fail "an answer ($framing) has no hmac header"
done
