"""A caller of A2A agents, for the A2A tests: the client of a2a-sdk.

One line of JSON on standard input is one step, and one line on standard output is what the client understood:
`{"ok": .., "error": null}`, or `{"ok": null, "error": {"type": .., "kinds": .., "message": ..}}` with the exception that it
raised; `kinds` are the classes that the exception is of. A step has `do` (a name of STEPS), `url`, `binding` (`JSONRPC`,
`HTTP+JSON`), `version` (`1.0`, `0.3`), `headers`, and what the step itself needs. With `discover` the agent's address is that
of its card; without, the client is told.
"""

import asyncio
import json
import sys
import uuid

import httpx
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.helpers import new_text_message
from a2a.types import a2a_pb2 as a2a
from google.protobuf.json_format import MessageToDict, ParseDict


async def card(http, step):
    return await A2ACardResolver(http, step["url"]).get_agent_card()


async def connect(http, step, streaming):
    if step.get("discover"):
        described = await card(http, step)
        wanted = [
            one
            for one in described.supported_interfaces
            if (one.protocol_binding, one.protocol_version) == (step["binding"], step["version"])
        ]
    else:
        capabilities = a2a.AgentCapabilities(streaming=True, push_notifications=True, extended_agent_card=True)
        described = a2a.AgentCard(name="told", capabilities=capabilities)
        wanted = [
            a2a.AgentInterface(url=step["url"], protocol_binding=step["binding"], protocol_version=step["version"])
        ]
    del described.supported_interfaces[:]
    described.supported_interfaces.extend(wanted)
    polling = step.get("polling", False)
    bindings = [step["binding"]]
    config = ClientConfig(streaming, polling, http, supported_protocol_bindings=bindings)
    return ClientFactory(config).create(described)


def request_of(step):
    message = new_text_message(step["text"], role=a2a.Role.ROLE_USER, task_id=step.get("task"))
    message.message_id = step.get("message", str(uuid.uuid4()))
    if "metadata" in step:
        message.metadata.update(step["metadata"])
    request = a2a.SendMessageRequest(message=message)
    if "requestMetadata" in step:
        request.metadata.update(step["requestMetadata"])
    if "push" in step:
        request.configuration.task_push_notification_config.CopyFrom(a2a.TaskPushNotificationConfig(url=step["push"]))
    return request


async def send(http, step):
    client = await connect(http, step, False)
    return [MessageToDict(event) async for event in client.send_message(request_of(step))][0]


async def stream(http, step):
    client = await connect(http, step, True)
    return [MessageToDict(event) async for event in client.send_message(request_of(step))]


async def subscribe(http, step):
    client = await connect(http, step, True)
    request = a2a.SubscribeToTaskRequest(id=step["task"])
    return [MessageToDict(event) async for event in client.subscribe(request)]


def call(method, build):
    async def run(http, step):
        answer = await getattr(await connect(http, step, False), method)(build(step))
        return MessageToDict(answer) if answer is not None else {}

    return run


def push_of(step):
    return a2a.TaskPushNotificationConfig(task_id=step["task"], id=step.get("push_id", "one"), url=step["push"])


async def show_card(http, step):
    return MessageToDict(await card(http, step))


async def raw(http, step):
    """Any request, for what no client would send; gives the status and the text of the answer."""
    answer = await http.request(step["method"], step["url"], content=step.get("body"))
    return {"status": answer.status_code, "type": answer.headers.get("content-type"), "body": answer.text}


STEPS = {
    "raw": raw,
    "card": show_card,
    "extended": call("get_extended_agent_card", lambda step: a2a.GetExtendedAgentCardRequest()),
    "send": send,
    "stream": stream,
    "subscribe": subscribe,
    "get": call("get_task", lambda step: a2a.GetTaskRequest(id=step["task"])),
    "list": call("list_tasks", lambda step: ParseDict(step.get("request", {}), a2a.ListTasksRequest())),
    "cancel": call("cancel_task", lambda step: a2a.CancelTaskRequest(id=step["task"])),
    "push-set": call("create_task_push_notification_config", push_of),
    "push-get": call(
        "get_task_push_notification_config",
        lambda step: a2a.GetTaskPushNotificationConfigRequest(task_id=step["task"], id=step.get("push_id", "one")),
    ),
    "push-list": call(
        "list_task_push_notification_configs",
        lambda step: a2a.ListTaskPushNotificationConfigsRequest(task_id=step["task"]),
    ),
    "push-delete": call(
        "delete_task_push_notification_config",
        lambda step: a2a.DeleteTaskPushNotificationConfigRequest(task_id=step["task"], id=step.get("push_id", "one")),
    ),
}


async def run(step):
    async with httpx.AsyncClient(headers=step.get("headers", {}), timeout=20, trust_env=False, verify=False) as http:
        try:
            return {"ok": await STEPS[step["do"]](http, step), "error": None}
        except Exception as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            return {"ok": None, "error": {"type": kinds[0], "kinds": kinds, "message": str(error)}}


def main():
    for line in sys.stdin:
        print(json.dumps(asyncio.run(run(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
