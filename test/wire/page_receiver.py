"""A receiver as somebody writes it who has read the Webhooks page and nothing else.

The page says: an HTTP POST to a URL you specify, data from the user action in JSON format, and two headers,
X-Patreon-Event: [trigger] and X-Patreon-Signature: [message signature], where the message signature is the JSON
POST body HMAC signed (with MD5) with your client_secret.
"""
import hashlib
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

CLIENT_SECRET = os.environ["CLIENT_SECRET"]


class Webhook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signature = hmac.new(CLIENT_SECRET.encode(), body, hashlib.md5).hexdigest()
        verified = hmac.compare_digest(signature, self.headers["X-Patreon-Signature"])

        pledge = json.loads(body)["data"] if verified else None
        seen = {
            "trigger": self.headers["X-Patreon-Event"],
            "verified": verified,
            "amount_cents": pledge and pledge["attributes"]["amount_cents"],
        }
        print(json.dumps(seen), flush=True)

        self.send_response(200 if verified else 403)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


server = HTTPServer(("127.0.0.1", 0), Webhook)
print(json.dumps({"port": server.server_port}), flush=True)
sys.stdout.flush()
server.serve_forever()
