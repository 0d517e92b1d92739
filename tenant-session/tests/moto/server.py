"""AWS as moto has it, on a loopback port: the role that tenants' sessions assume, and a table with two tenants' orders.

On start its address goes to standard output, in one line. It ends with its standard input.
"""

import sys

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"

place = {"endpoint_url": url, "region_name": "eu-central-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
trust = '{"Version": "2012-10-17", "Statement": []}'
boto3.client("iam", **place).create_role(Path="/tenants/", RoleName="tenant-data", AssumeRolePolicyDocument=trust)
table = boto3.resource("dynamodb", **place).create_table(
    TableName="orders",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
)
for tenant in ("acme", "globex"):
    for number in (1, 2):
        table.put_item(Item={"pk": f"{tenant}#orders", "sk": f"{tenant}-order-{number}"})

print(url, flush=True)
sys.stdin.read()
server.stop()
