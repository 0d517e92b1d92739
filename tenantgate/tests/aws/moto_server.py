"""moto's server, and boto3 to set it up: each line of standard input is one call, each line of output its answer.

The call "sign" of the service "botocore" gives the signature that a request should have.
"""

import base64
import json
import sys

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ParamValidationError
from moto.bedrockagentcorecontrol.models import Gateway
from moto.server import ThreadedMotoServer

# A gateway of moto stays UPDATING for ever after an update; AWS's is READY again.
made_by_moto = Gateway.__init__


def made_with_ready(self, *arguments, **named):
    made_by_moto(self, *arguments, **named)
    self._transitions.append(("UPDATING", "READY"))


Gateway.__init__ = made_with_ready


def signature(method, url, headers, body, credentials, service, region):
    request = AWSRequest(method=method, url=url, data=body, headers=headers)
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(*credentials), service, region)
    canonical = signer.canonical_request(request)
    return signer.signature(signer.string_to_sign(request, canonical), request)


server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"
print(json.dumps(url), flush=True)

for line in sys.stdin:
    call = json.loads(line)
    if call["service"] == "botocore":
        print(json.dumps({"ok": signature(**call["arguments"])}), flush=True)
        continue
    client = boto3.client(
        call["service"],
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    arguments = call["arguments"]
    for place in arguments, arguments.get("Code", {}):
        if "ZipFile" in place:
            place["ZipFile"] = base64.b64decode(place["ZipFile"])
    try:
        answer = {"ok": getattr(client, call["operation"])(**arguments)}
    except (ClientError, ParamValidationError) as error:
        answer = {"error": str(error)}
    print(json.dumps(answer, default=str), flush=True)

server.stop()
