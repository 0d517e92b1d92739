"""The agent "support" on a loopback port, for the A2A tests: the server of a2a-sdk, with JSON-RPC and HTTP+JSON, protocol 1.0 and 0.3.

The argument is the address that callers know it by, which its card names. On start one line of JSON goes to standard output: its
own address. It ends with its standard input. `GET /.requests` on its own address gives the requests that reached it so far.

What a message's text asks for: "task" is a task that is done at once, "later" one that is done a moment later, "wait" one that
lasts until it is cancelled; everything else is answered with a message. Every answer has the same parts: a text with a card
number, data with a social security number and what the agent saw of the request, a file of bytes (but for "plain"), a file at a
URL with a token.
"""

import asyncio
import json
import socket
import sys
import threading

import uvicorn
from a2a.helpers import new_data_part, new_message, new_raw_part, new_task_from_user_message, new_text_part, new_url_part
from a2a.server.agent_execution import AgentExecutor
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes, create_rest_routes
from a2a.server.tasks import InMemoryPushNotificationConfigStore, InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill
from google.protobuf.json_format import MessageToDict
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

LASTS = 60
MOMENT = 0.3


def card(url, name):
    interfaces = [
        AgentInterface(url=url, protocol_binding=binding, protocol_version=version)
        for version in ("1.0", "0.3")
        for binding in ("JSONRPC", "HTTP+JSON")
    ]
    skills = [
        AgentSkill(id=skill, name=skill.capitalize(), description=f"{skill} of an order", tags=["orders"])
        for skill in ("lookup", "refund", "audit")
    ]
    return AgentCard(
        name=name,
        description="Answers questions about orders",
        version="1.0.0",
        supported_interfaces=interfaces,
        capabilities=AgentCapabilities(streaming=True, push_notifications=True, extended_agent_card=True),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain", "application/json"],
        skills=skills,
    )


def parts(context):
    call = context.call_context
    seen = {
        "headers": dict(call.state["headers"]) if call else {},
        "messageMetadata": MessageToDict(context.message)["metadata"] if context.message.HasField("metadata") else None,
        "requestMetadata": dict(context.metadata),
    }
    file = new_raw_part(b"canary-of-the-file-7f3a", media_type="application/octet-stream", filename="receipt.bin")
    return [
        new_text_part("The order was paid with card 4111 1111 1111 1111."),
        new_data_part({"order": "A-7", "customer": {"name": "Ann", "ssn": "219-09-9999"}, "seen": seen}),
        *([] if context.get_user_input() == "plain" else [file]),
        new_url_part("https://files.example/receipt.pdf?token=canary-of-the-url-9c1e", media_type="application/pdf"),
    ]


class Support(AgentExecutor):
    async def execute(self, context, event_queue):
        wish = context.get_user_input()
        if wish not in ("task", "later", "wait"):
            message = new_message(parts(context), context_id=context.context_id)
            await event_queue.enqueue_event(message)
            return
        task = context.current_task or new_task_from_user_message(context.message)
        await event_queue.enqueue_event(task)
        updater = TaskUpdater(event_queue, task.id, task.context_id)
        await updater.start_work(updater.new_agent_message([new_text_part("Working.")]))
        await asyncio.sleep({"task": 0, "later": MOMENT, "wait": LASTS}[wish])
        await updater.add_artifact(parts(context), name="receipt")
        await updater.complete(updater.new_agent_message(parts(context)))

    async def cancel(self, context, event_queue):
        await TaskUpdater(event_queue, context.task_id, context.context_id).cancel()


class Log:
    """Keeps every request, whole, before anything else sees it."""

    def __init__(self, inner):
        self.inner, self.requests = inner, []

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"] == "/.requests":
            return await self.inner(scope, receive, send)
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        entry = {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(),
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]],
            "body": body.decode("utf-8", "replace"),
        }
        self.requests.append(entry)
        rest = [{"type": "http.request", "body": body, "more_body": False}]

        async def again():
            return rest.pop() if rest else await receive()

        await self.inner(scope, again, send)

    async def show(self, _request):
        return JSONResponse(self.requests)


def application(url):
    handler = DefaultRequestHandler(
        agent_executor=Support(),
        task_store=InMemoryTaskStore(),
        agent_card=card(url, "support"),
        extended_agent_card=card(url, "support, extended"),
        push_config_store=InMemoryPushNotificationConfigStore(),
    )
    log = Log(None)
    routes = [
        Route("/.requests", log.show),
        *create_agent_card_routes(card(url, "support")),
        *create_jsonrpc_routes(handler, "/", enable_v0_3_compat=True),
        *create_rest_routes(handler, enable_v0_3_compat=True),
    ]
    log.inner = Starlette(routes=routes)
    return log


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(sys.argv[1]), log_config=None, timeout_graceful_shutdown=1))

    def watch():
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    print(json.dumps({"address": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
