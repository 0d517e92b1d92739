"""Prints what the official a2a-sdk (1.3.0) sends and answers: every method, both versions, both bindings, as JSON.

    python -m venv venv && venv/bin/pip install 'a2a-sdk[http-server]==1.3.0'
    venv/bin/python make_samples.py > samples.json

The SDK's own clients talk to the SDK's own server over a transport without sockets; only what the agent says is made up here.
"""

import asyncio
import json
import logging

import httpx

from starlette.applications import Starlette

from a2a.client.client import ClientCallContext
from a2a.client.transports import jsonrpc as new_jsonrpc
from a2a.client.transports.rest import RestTransport
from a2a.compat.v0_3 import jsonrpc_transport as old_jsonrpc
from a2a.compat.v0_3.rest_transport import CompatRestTransport
from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.server.routes.agent_card_routes import create_agent_card_routes
from a2a.server.routes.jsonrpc_routes import create_jsonrpc_routes
from a2a.server.routes.rest_routes import create_rest_routes
from a2a.types import a2a_pb2 as pb
from a2a.utils.errors import TaskNotFoundError
from google.protobuf.json_format import ParseDict

PARTS = [
    {'text': 'CANARY-text and {"ssn": "CANARY-json"}', 'metadata': {'note': 'CANARY-part-metadata'}},
    {'data': {'rows': [{'ssn': 'CANARY-data'}]}},
    {'raw': 'Q0FOQVJZLXJhdw==', 'filename': 'CANARY-filename', 'mediaType': 'text/plain'},
    {'url': 'https://files.example/CANARY-url?sig=1', 'mediaType': 'image/png'},
]


def message(role, with_task=False):
    text = {'messageId': 'm-1', 'role': role, 'parts': PARTS, 'metadata': {'note': 'CANARY-message-metadata'}}
    if with_task:
        text |= {'taskId': 't-1', 'contextId': 'c-1', 'referenceTaskIds': ['t-0']}
    return text


STATUS = {'state': 'TASK_STATE_INPUT_REQUIRED', 'message': message('ROLE_AGENT'), 'timestamp': '2026-01-01T00:00:00Z'}
ARTIFACT = {
    'artifactId': 'a-1',
    'name': 'CANARY-artifact-name',
    'description': 'CANARY-artifact-description',
    'parts': PARTS,
    'metadata': {'note': 'CANARY-artifact-metadata'},
}
TASK = {
    'id': 't-1',
    'contextId': 'c-1',
    'status': STATUS,
    'artifacts': [ARTIFACT],
    'history': [message('ROLE_USER')],
    'metadata': {'note': 'CANARY-task-metadata'},
}
PUSH = {
    'taskId': 't-1',
    'id': 'p-1',
    'url': 'https://hooks.example/CANARY-hook',
    'token': 'CANARY-token',
    'authentication': {'scheme': 'Bearer', 'credentials': 'CANARY-credentials'},
}
CARD = {
    'name': 'Support',
    'description': 'Ask canary@mail.example',
    'version': '1.2.3',
    'supportedInterfaces': [
        {'url': 'https://gateway.example/support', 'protocolBinding': 'JSONRPC', 'protocolVersion': '1.0'},
        {'url': 'https://gateway.example/support', 'protocolBinding': 'JSONRPC', 'protocolVersion': '0.3'},
    ],
    'capabilities': {'streaming': True, 'pushNotifications': True, 'extendedAgentCard': True},
    'defaultInputModes': ['text/plain'],
    'defaultOutputModes': ['text/plain'],
    'skills': [
        {'id': 'refund', 'name': 'Refund', 'description': 'Refunds; canary@mail.example', 'tags': ['money']},
        {'id': 'admin', 'name': 'Admin', 'description': 'All', 'tags': ['hidden']},
    ],
    'signatures': [{'protected': 'e30', 'signature': 'c2ln'}],
}


def made(kind, text):
    return ParseDict(text, kind())


class Agent(RequestHandler):
    """An agent that says the same to everybody."""

    async def on_get_task(self, params, context):
        if params.id == 'missing':
            raise TaskNotFoundError('no task CANARY-error', data={'note': 'CANARY-error-data'})
        return made(pb.Task, TASK)

    async def on_list_tasks(self, params, context):
        other = TASK | {'id': 't-2'}
        return made(pb.ListTasksResponse, {'tasks': [TASK, other], 'nextPageToken': 'n-2', 'pageSize': 2, 'totalSize': 9})

    async def on_cancel_task(self, params, context):
        return made(pb.Task, TASK)

    async def on_message_send(self, params, context):
        if params.message.message_id == 'm-answer':
            return made(pb.Message, message('ROLE_AGENT', with_task=True))
        return made(pb.Task, TASK)

    async def on_message_send_stream(self, params, context):
        yield made(pb.Task, TASK)
        yield made(pb.TaskArtifactUpdateEvent, {'taskId': 't-1', 'contextId': 'c-1', 'artifact': ARTIFACT, 'lastChunk': True})
        yield made(pb.TaskStatusUpdateEvent, {'taskId': 't-1', 'contextId': 'c-1', 'status': STATUS})
        yield made(pb.Message, message('ROLE_AGENT', with_task=True))

    async def on_subscribe_to_task(self, params, context):
        yield made(pb.TaskStatusUpdateEvent, {'taskId': 't-1', 'contextId': 'c-1', 'status': STATUS})

    async def on_create_task_push_notification_config(self, params, context):
        return params

    async def on_get_task_push_notification_config(self, params, context):
        return made(pb.TaskPushNotificationConfig, PUSH)

    async def on_list_task_push_notification_configs(self, params, context):
        return made(pb.ListTaskPushNotificationConfigsResponse, {'configs': [PUSH]})

    async def on_delete_task_push_notification_config(self, params, context):
        return None

    async def on_get_extended_agent_card(self, params, context):
        return made(pb.AgentCard, CARD)


def requests():
    """The methods of a client, with what they are called and asked with."""
    configuration = {'acceptedOutputModes': ['text/plain'], 'taskPushNotificationConfig': PUSH, 'historyLength': 3}
    params = {'message': message('ROLE_USER', with_task=True), 'configuration': configuration, 'metadata': {'a': 1}}
    answer = {'message': {'messageId': 'm-answer', 'role': 'ROLE_USER', 'parts': [{'text': 'hello'}]}}
    listing = {'contextId': 'c-1', 'status': 'TASK_STATE_WORKING', 'pageSize': 2, 'pageToken': 'n+1/=', 'includeArtifacts': True}
    listing |= {'statusTimestampAfter': '2026-01-01T00:00:00Z', 'historyLength': 1}
    push = {'taskId': 't-1', 'id': 'p-1'}
    return [
        ('message/send', 'send_message', pb.SendMessageRequest, params),
        ('message/send', 'send_message', pb.SendMessageRequest, answer),
        ('message/stream', 'send_message_streaming', pb.SendMessageRequest, params),
        ('tasks/get', 'get_task', pb.GetTaskRequest, {'id': 't-1', 'historyLength': 2}),
        ('tasks/get', 'get_task', pb.GetTaskRequest, {'id': 'missing'}),
        ('tasks/list', 'list_tasks', pb.ListTasksRequest, listing),
        ('tasks/cancel', 'cancel_task', pb.CancelTaskRequest, {'id': 't-1', 'metadata': {'why': 'late'}}),
        ('tasks/resubscribe', 'subscribe', pb.SubscribeToTaskRequest, {'id': 't-1'}),
        ('tasks/pushNotificationConfig/set', 'create_task_push_notification_config', pb.TaskPushNotificationConfig, PUSH),
        ('tasks/pushNotificationConfig/get', 'get_task_push_notification_config', pb.GetTaskPushNotificationConfigRequest, push),
        ('tasks/pushNotificationConfig/list', 'list_task_push_notification_configs',
         pb.ListTaskPushNotificationConfigsRequest, {'taskId': 't-1'}),
        ('tasks/pushNotificationConfig/delete', 'delete_task_push_notification_config',
         pb.DeleteTaskPushNotificationConfigRequest, push),
        ('agent/getAuthenticatedExtendedCard', 'get_extended_agent_card', pb.GetExtendedAgentCardRequest, {}),
    ]


class Recorder(httpx.AsyncBaseTransport):
    """Passes requests on to the server, and writes down what went by."""

    def __init__(self, app):
        self.inner = httpx.ASGITransport(app=app)
        self.seen = []

    async def handle_async_request(self, request):
        response = await self.inner.handle_async_request(request)
        body = (await response.aread()).decode()
        events = [line.removeprefix('data: ') for line in body.splitlines() if line.startswith('data: ')]
        headers = {name: request.headers[name] for name in ('content-type', 'a2a-version') if name in request.headers}
        self.seen.append({
            'verb': request.method,
            'path': request.url.path.removeprefix('/support'),
            'query': request.url.query.decode(),
            'headers': headers,
            'body': request.content.decode(),
            'answers': events or [body],
        })
        return httpx.Response(response.status_code, headers=response.headers, content=body.encode(), request=request)


async def use(client, name, request, context):
    try:
        called = getattr(client, name)(request, context=context)
        if hasattr(called, '__aiter__'):
            async for _ in called:
                pass
        else:
            await called
    except NotImplementedError:
        pass
    except Exception as error:  # What the client makes of an answer is its business.
        logging.info('%s: %s', name, error)


async def main():
    logging.disable(logging.CRITICAL)
    agent, card = Agent(), made(pb.AgentCard, CARD)
    rpc = create_jsonrpc_routes(agent, '/support', enable_v0_3_compat=True)
    rest = create_rest_routes(agent, enable_v0_3_compat=True, path_prefix='/support')
    public = create_agent_card_routes(card, card_url='/support/.well-known/agent-card.json')
    recorder = Recorder(Starlette(routes=[*rpc, *public, *rest]))
    for module in (new_jsonrpc, old_jsonrpc):
        module.uuid4 = lambda: 'r-1'
    samples = []
    async with httpx.AsyncClient(transport=recorder) as http:
        url = 'https://gateway.example/support'
        clients = [
            ('1.0', 'JSON-RPC', new_jsonrpc.JsonRpcTransport(http, card, url)),
            ('1.0', 'HTTP+JSON', RestTransport(http, card, url)),
            ('0.3', 'JSON-RPC', old_jsonrpc.CompatJsonRpcTransport(http, card, url)),
            ('0.3', 'HTTP+JSON', CompatRestTransport(http, card, url)),
        ]
        for version, binding, client in clients:
            for method, name, kind, text in requests():
                # Clients of version 0.3 say so themselves.
                parameters = {'A2A-Version': version} if version == '1.0' else {}
                context = ClientCallContext(service_parameters=parameters)
                await use(client, name, made(kind, text), context)
                for seen in recorder.seen:
                    samples.append({'version': version, 'binding': binding, 'method': method} | seen)
                recorder.seen.clear()
        await http.get(f'{url}/.well-known/agent-card.json')
        samples += [{'version': '0.3', 'binding': 'HTTP+JSON', 'method': 'agent/getCard'} | seen for seen in recorder.seen]
    print(json.dumps(samples, indent=1, ensure_ascii=False))


asyncio.run(main())
