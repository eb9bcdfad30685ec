"""Every route and socket with its handler and its permission: one line each. Guards derive from it."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from bothands.people import KEY_SCOPES
from bothands.web import pages, watching
from bothands.web.api import (
    access,
    agents,
    assist,
    balance,
    channels,
    chat,
    codes,
    contacts,
    conversations,
    handoff,
    identity,
    inboxes,
    invitations,
    knowledge,
    mentions,
    people,
    privacy,
    searching,
    skills,
    teams,
    transfers,
    unsent,
    webhooks,
)
from bothands.web.live import chatting, desking
from bothands.web.permitting import OPEN, VISITOR, for_agents

JSON_BYTES_MAX = 256 * 1024
UPLOAD_BYTES_MAX = 8 * 1024 * 1024 + 64 * 1024

V1 = "/api/v1"
IDENTIFY = f"{V1}/chat/{{inbox:str}}/identify"
CHAT = f"{V1}/chat/{{inbox:str}}"
WEBHOOK = f"{V1}/webhooks/{{webhook_id:str}}"
ARTICLE = f"{V1}/knowledge/articles/{{article_id:str}}"
CONVERSATION = f"{V1}/conversations/{{conversation_id:str}}"


class Route(NamedTuple):
    method: str
    path: str
    handler: Callable[..., Any]
    permission: str
    answers: int = 200
    bytes_max: int = JSON_BYTES_MAX
    # Reached from other companies' pages: the handler checks the inbox's own list of origins instead.
    takes_foreign: bool = False
    in_schema: bool = True
    # What the answer is, where it is not JSON.
    media_type: str | None = None

    @property
    def takes_keys(self) -> bool:
        """Whether an API key that has the permission may use it: its handler asks for nobody in person."""
        asked_for = inspect.signature(self.handler).parameters
        return for_agents(self.permission) in KEY_SCOPES and "signed_in" not in asked_for


ROUTES: tuple[Route, ...] = (
    # signing in
    Route("POST", f"{V1}/sign-in/link", people.sign_in_with_link, OPEN),
    Route("POST", f"{V1}/sign-in/password", people.sign_in_with_password, OPEN),
    Route("GET", f"{V1}/sign-in", codes.ways_in, OPEN),
    Route("POST", f"{V1}/sign-in/code", codes.ask_for_code, OPEN),
    Route("POST", f"{V1}/sign-in/code/answer", codes.sign_in_with_code, OPEN),
    Route("DELETE", f"{V1}/sign-in", people.leave, "me", 204),
    Route("GET", f"{V1}/me", people.me, "me"),
    Route("PUT", f"{V1}/me/availability", people.change_availability, "me"),
    Route("PUT", f"{V1}/me/password", people.change_password, "me", 204),
    Route("GET", f"{V1}/sign-ins", people.sign_ins, "me"),
    Route("DELETE", f"{V1}/sign-ins/{{sign_in_id:str}}", people.revoke_sign_in, "me", 204),
    # people
    Route("GET", f"{V1}/agents", agents.show_agents, "agents.read"),
    Route("PATCH", f"{V1}/agents/{{agent_id:str}}", agents.change_agent, "agents.write"),
    Route("DELETE", f"{V1}/agents/{{agent_id:str}}/sign-ins", agents.end_sign_ins, "agents.write", 204),
    Route("GET", f"{V1}/invitations", invitations.show_invitations, "agents.read"),
    Route("POST", f"{V1}/invitations", invitations.make_invitation, "agents.write", 201),
    Route("DELETE", f"{V1}/invitations/{{invitation_id:str}}", invitations.take_back, "agents.write", 204),
    Route("POST", f"{V1}/invitations/{{invitation_id:str}}/renewal", invitations.renew, "agents.write"),
    Route("POST", f"{V1}/join", invitations.join, OPEN),
    Route("POST", f"{V1}/join/look", invitations.look_at_invitation, OPEN),
    # teams
    Route("GET", f"{V1}/teams", teams.show_teams, "teams.read"),
    Route("POST", f"{V1}/teams", teams.make_team, "teams.write", 201),
    Route("PATCH", f"{V1}/teams/{{team_id:str}}", teams.change_team, "teams.write"),
    Route("DELETE", f"{V1}/teams/{{team_id:str}}", teams.end_team, "teams.write", 204),
    Route("GET", f"{V1}/inboxes/{{inbox_id:str}}/teams", teams.show_limit, "teams.read"),
    Route("PUT", f"{V1}/inboxes/{{inbox_id:str}}/teams", teams.change_limit, "teams.write"),
    # inboxes
    Route("GET", f"{V1}/inboxes", inboxes.show_inboxes, "inboxes.read"),
    Route("POST", f"{V1}/inboxes", inboxes.make_inbox, "inboxes.write", 201),
    Route("PATCH", f"{V1}/inboxes/{{inbox_id:str}}", inboxes.change, "inboxes.write"),
    # programs, and the company's own server
    Route("GET", f"{V1}/api-keys", access.show_api_keys, "access.read"),
    Route("POST", f"{V1}/api-keys", access.add_api_key, "access.write", 201),
    Route("DELETE", f"{V1}/api-keys/{{key_id:str}}", access.end_api_key, "access.write", 204),
    Route("GET", f"{V1}/inboxes/{{inbox_id:str}}/secrets", access.show_secrets, "access.read"),
    Route("POST", f"{V1}/inboxes/{{inbox_id:str}}/secrets", access.add_secret, "access.write", 201),
    Route(
        "DELETE",
        f"{V1}/inboxes/{{inbox_id:str}}/secrets/{{secret_id:str}}",
        access.end_secret,
        "access.write",
        204,
    ),
    Route("POST", IDENTIFY, identity.identify_visitor, OPEN, takes_foreign=True),
    Route("DELETE", IDENTIFY, identity.forget_visitor, OPEN, 204, takes_foreign=True),
    Route("OPTIONS", IDENTIFY, identity.allow_identify, OPEN, 204, takes_foreign=True),
    # the chat without a socket
    Route("POST", f"{CHAT}/hello", chat.greet, OPEN, 201, takes_foreign=True),
    Route("OPTIONS", f"{CHAT}/hello", chat.allow_chat, OPEN, 204, takes_foreign=True),
    Route("POST", f"{CHAT}/messages", chat.say, VISITOR, takes_foreign=True),
    Route("OPTIONS", f"{CHAT}/messages", chat.allow_chat, OPEN, 204, takes_foreign=True),
    Route("GET", f"{CHAT}/entries", chat.read_chat, VISITOR, takes_foreign=True),
    Route("OPTIONS", f"{CHAT}/entries", chat.allow_chat, OPEN, 204, takes_foreign=True),
    # for the company's own systems
    Route("GET", f"{V1}/contacts", contacts.show_contacts, "contacts.read"),
    Route("POST", f"{V1}/contacts", contacts.put_contact, "contacts.write"),
    Route("GET", f"{V1}/contacts/{{contact_id:str}}", contacts.show_contact, "contacts.read"),
    Route("PATCH", f"{V1}/contacts/{{contact_id:str}}", contacts.change_contact, "contacts.write"),
    Route("POST", f"{V1}/contacts/{{contact_id:str}}/messages", contacts.relay_message, "contacts.relay"),
    Route("GET", f"{V1}/webhooks", webhooks.show_webhooks, "webhooks.read"),
    Route("POST", f"{V1}/webhooks", webhooks.add_webhook, "webhooks.write", 201),
    Route("GET", WEBHOOK, webhooks.show_webhook, "webhooks.read"),
    Route("PATCH", WEBHOOK, webhooks.change_webhook, "webhooks.write"),
    Route("DELETE", WEBHOOK, webhooks.end_webhook, "webhooks.write", 204),
    Route("POST", f"{WEBHOOK}/secret", webhooks.renew_secret, "webhooks.write"),
    Route("GET", f"{WEBHOOK}/deliveries", webhooks.show_deliveries, "webhooks.read"),
    Route("POST", f"{WEBHOOK}/replay", webhooks.replay, "webhooks.write", 202),
    Route("POST", f"{WEBHOOK}/test", webhooks.send_test, "webhooks.write", 202),
    # conversations
    Route("GET", f"{V1}/conversations", conversations.list_conversations, "conversations.read"),
    Route("GET", f"{V1}/search", searching.find, "conversations.read"),
    Route("GET", f"{V1}/tags", searching.show_tags, "conversations.read"),
    Route("PATCH", f"{V1}/tags/{{tag_id:str}}", searching.change_tag, "tags.write"),
    Route("DELETE", f"{V1}/tags/{{tag_id:str}}", searching.end_tag, "tags.write", 204),
    Route("GET", f"{V1}/mentions", mentions.show_mentions, "conversations.read"),
    Route("PUT", f"{CONVERSATION}/mentions/read", mentions.mark_read, "conversations.read", 204),
    Route("GET", f"{CONVERSATION}/unsent", unsent.show_unsent, "conversations.read"),
    Route("PUT", f"{CONVERSATION}/unsent/{{mode:str}}", unsent.put_unsent, "conversations.write"),
    Route("POST", f"{CONVERSATION}/tags", searching.put_tag, "conversations.write"),
    Route("DELETE", f"{CONVERSATION}/tags/{{tag_id:str}}", searching.take_tag_off, "conversations.write"),
    Route("GET", CONVERSATION, conversations.show_conversation, "conversations.read"),
    Route("GET", f"{CONVERSATION}/entries", conversations.list_entries, "conversations.read"),
    Route("POST", f"{CONVERSATION}/messages", conversations.send_message, "conversations.write"),
    Route("POST", f"{CONVERSATION}/notes", conversations.add_note, "notes.write"),
    Route("POST", f"{CONVERSATION}/closing", conversations.close_conversation, "conversations.write"),
    Route("DELETE", f"{CONVERSATION}/closing", conversations.reopen_conversation, "conversations.write", 204),
    Route("POST", f"{CONVERSATION}/closing/undo", conversations.undo_closing, "conversations.write", 204),
    Route("POST", f"{CONVERSATION}/take-over", handoff.take_over_conversation, "conversations.write"),
    Route("POST", f"{CONVERSATION}/hand-back", handoff.hand_back_conversation, "conversations.write"),
    Route("GET", f"{CONVERSATION}/receivers", transfers.list_receivers, "conversations.write"),
    Route("POST", f"{CONVERSATION}/assignment", transfers.assign_conversation, "conversations.write"),
    Route(
        "DELETE", f"{CONVERSATION}/assignment", transfers.unassign_conversation, "conversations.write", 204
    ),
    Route("POST", f"{CONVERSATION}/transfer", transfers.transfer_conversation, "conversations.write"),
    Route("PUT", f"{CONVERSATION}/brief", handoff.fix_brief, "conversations.write"),
    Route("GET", f"{CONVERSATION}/suggestion", assist.suggest_reply, "conversations.read"),
    Route("GET", f"{CONVERSATION}/decisions", balance.list_decisions, "decisions.read"),
    # a contact's data
    Route("POST", f"{V1}/contacts/{{contact_id:str}}/export", privacy.export_contact, "contacts.export", 202),
    Route("DELETE", f"{V1}/contacts/{{contact_id:str}}/data", privacy.erase_contact, "contacts.erase", 202),
    Route("GET", f"{V1}/data-requests/{{request_id:str}}", privacy.show_data_request, "contacts.export"),
    Route(
        "GET",
        f"{V1}/data-requests/{{request_id:str}}/file",
        privacy.fetch_export,
        "contacts.export",
        media_type="application/zip",
    ),
    # the assistant's limits
    Route("GET", f"{V1}/stops", balance.list_stops, "stops.read"),
    Route("POST", f"{V1}/stops", balance.pull_stop, "stops.write"),
    Route("DELETE", f"{V1}/stops/{{stop_id:str}}", balance.lift_stop, "stops.lift", 204),
    Route("GET", f"{V1}/charter", balance.show_charter, "charter.read"),
    Route("PUT", f"{V1}/charter/topics/{{topic:str}}", balance.change_topic_role, "charter.write"),
    # knowledge
    Route("GET", f"{V1}/knowledge/articles", knowledge.list_articles, "knowledge.read"),
    Route("GET", ARTICLE, knowledge.show_article, "knowledge.read"),
    Route("DELETE", ARTICLE, knowledge.end_article, "knowledge.write", 204),
    Route("GET", f"{V1}/knowledge/search", knowledge.search_knowledge, "knowledge.read"),
    Route(
        "POST",
        f"{V1}/knowledge/imports",
        knowledge.import_knowledge,
        "knowledge.write",
        200,
        UPLOAD_BYTES_MAX,
    ),
    Route("POST", f"{V1}/try-out", skills.try_out, "try_out"),
    # files
    Route("POST", f"{V1}/files", channels.upload_as_agent, "files.write", 201, UPLOAD_BYTES_MAX),
    Route(
        "GET",
        f"{V1}/files/{{file_id:str}}",
        channels.download,
        "visitor|conversations.read",
        media_type="image/*",
    ),
    Route(
        "POST",
        f"{V1}/chat/{{inbox:str}}/files",
        channels.upload_as_visitor,
        VISITOR,
        201,
        UPLOAD_BYTES_MAX,
        True,
    ),
    Route("OPTIONS", f"{V1}/chat/{{inbox:str}}/files", channels.allow_upload, OPEN, 204, takes_foreign=True),
    # live
    Route("WS", "/ws/chat/{inbox:str}", chatting.chat, OPEN, takes_foreign=True),
    Route("WS", "/ws/desk", desking.watch, "conversations.read"),
    # pages and what they load
    Route("GET", "/", pages.home, OPEN, 307, in_schema=False),
    Route("GET", "/desk", pages.desk_page, OPEN, in_schema=False),
    Route("GET", "/desk/{file_path:path}", pages.desk_file, OPEN, in_schema=False),
    Route("GET", "/demo", pages.demo_page, OPEN, in_schema=False),
    Route("GET", "/demo/links", pages.demo_links, OPEN, in_schema=False),
    Route("GET", "/c/{inbox:str}", pages.chat_page, OPEN, in_schema=False),
    Route("GET", "/help/{page_id:str}", pages.help_page, OPEN, in_schema=False),
    Route("GET", "/widget.js", pages.widget_script, OPEN, in_schema=False),
    Route("GET", "/widget/{file_path:path}", pages.widget_file, OPEN, in_schema=False),
    Route("GET", "/assets/{file_path:path}", pages.asset, OPEN, in_schema=False),
    Route("GET", "/health", pages.health, OPEN),
    Route("GET", "/ready", pages.ready, OPEN),
    Route("GET", "/metrics", watching.metrics, "scraper|metrics.read", in_schema=False),
    Route("GET", "/errors/{code:str}", pages.error_page, OPEN, in_schema=False),
    Route("GET", "/api/openapi.json", pages.openapi, OPEN, in_schema=False),
)
