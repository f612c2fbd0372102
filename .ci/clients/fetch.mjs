// Node's fetch. Usage: node fetch.mjs BASE-URL
import { randomBytes } from "node:crypto";

const base = process.argv[2];

function fail(sentence) {
    console.error(`fetch: ${sentence}`);
    process.exit(1);
}

function check(holds, sentence) {
    if (!holds) {
        fail(sentence);
    }
}

async function post(path, options) {
    const request = { method: "POST", signal: AbortSignal.timeout(60_000), ...options };
    const answer = await fetch(base + path, request).catch((e) => fail(`POST ${path} got no answer: ${e.cause ?? e}`));
    const text = await answer.text();
    check(answer.status === 200, `POST ${path} was answered ${answer.status}: ${text.slice(0, 500)}`);
    return { headers: answer.headers, body: JSON.parse(text) };
}

let token;
for (const path of ["/api/o/token/", "//api/o/token/"]) {
    const form = { grant_type: "password", username: "app", password: "p#a@s&s", client_id: "app", client_secret: "a+b%" };
    const { body } = await post(path, { body: new URLSearchParams(form) });
    token = body.access_token;
    check(typeof token === "string" && token !== "", `POST ${path} brought no access_token`);
    check(body.expires_in === 600, `POST ${path} brought no expires_in of 600`);
}

const data = { front_img: randomBytes(1_572_864).toString("base64"), bundle_key: "7f1c9e52-demo-bundle", lang: "en" };
const document = JSON.stringify({ document_type: "egy_nid", data });
const framings = {
    "with Content-Length": { body: document },
    // A stream has no length that fetch could know.
    chunked: { body: new Blob([document]).stream(), duplex: "half" },
};
for (const [framing, options] of Object.entries(framings)) {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const answer = await post("/api/v1.5/ocr/", { headers, ...options });
    check("transaction_id" in answer.body, `an answer (${framing}) has no transaction_id`);
    check(/^[0-9a-f]{128}$/.test(answer.headers.get("hmac")), `an answer (${framing}) has no hmac header`);
}
