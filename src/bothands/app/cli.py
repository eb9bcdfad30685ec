"""`bothands` and its commands. Exit codes: 0 done, 1 a check failed, 2 not possible."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from bothands import __version__
from bothands.app.answering import erase, export
from bothands.app.backing_up import back_up, verify
from bothands.app.demo import run_demo
from bothands.app.doctor import examine
from bothands.app.importing import import_company
from bothands.app.linking import make_link
from bothands.app.logs import start_logging
from bothands.app.restoring import restore
from bothands.app.serving import run_server
from bothands.app.settings import SETTINGS, Settings, read_settings
from bothands.app.sharing import end_secret, new_secret, secrets_of
from bothands.app.upgrading import upgrade
from bothands.app.wiring import open_model, open_store
from bothands.kit import BothandsError, SystemClock

Command = Callable[[Settings, argparse.Namespace], Awaitable[int]]


def main(words: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(words)
    try:
        settings = read_settings({setting.name: getattr(given, setting.name) for setting in SETTINGS})
        start_logging(settings.log_level)
        command: Command = given.command
        return uvloop.run(_run(command, settings, given))
    except BothandsError as error:
        print(f"bothands: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


async def _run(command: Command, settings: Settings, given: argparse.Namespace) -> int:
    return await command(settings, given)


async def _serve(settings: Settings, given: argparse.Namespace) -> int:
    await run_server(settings)
    return 0


async def _demo(settings: Settings, given: argparse.Namespace) -> int:
    await run_demo(settings, every_seconds=given.every, is_quiet=given.no_customers)
    return 0


async def _import(settings: Settings, given: argparse.Namespace) -> int:
    db = open_store(settings)
    embedder = open_model(settings)
    try:
        intake = await import_company(db, embedder, given.folder)
    finally:
        embedder.close()
        db.close()
    if given.json:
        _print_json(intake)
        return 0
    known = intake.knowledge
    print(
        f"{intake.company.name}: {intake.topics} topics, {known.articles} articles, {known.replies} replies, "
        f"{known.tables} facts tables, {known.questions} questions changed; {known.unchanged} unchanged."
    )
    for warning in known.warnings:
        print(f"  {warning}")
    return 0


async def _doctor(settings: Settings, given: argparse.Namespace) -> int:
    checks = examine(settings)
    if given.json:
        _print_json(checks)
    else:
        for check in checks:
            sign = "LOOK" if not check.is_fine else "note" if check.is_note else "ok  "
            print(f"{sign} {check.name}: {check.words}")
    return 0 if all(check.is_fine for check in checks) else 1


async def _link(settings: Settings, given: argparse.Namespace) -> int:
    print(make_link(settings, given.email))
    return 0


async def _secret(settings: Settings, given: argparse.Namespace) -> int:
    if given.revoke:
        end_secret(settings, given.inbox, given.revoke)
    elif given.list:
        for known in secrets_of(settings, given.inbox):
            used = f"last used {known.last_used_at:%Y-%m-%d}" if known.last_used_at else "not used yet"
            print(f"{known.id}  {known.hint}…  made {known.created_at:%Y-%m-%d}, {used}")
    else:
        print(new_secret(settings, given.inbox)[1])
    return 0


async def _backup(settings: Settings, given: argparse.Namespace) -> int:
    now = SystemClock().now()
    manifest = (
        verify(given.file) if given.verify else back_up(settings.data, given.file, now, _server(settings))
    )
    if given.json:
        _print_json(manifest)
        return 0
    rows, size = sum(manifest.rows.values()), manifest.bytes // 1_000
    print(
        f"{given.file} is whole: {rows} rows and {manifest.images} images, {size} kB unpacked, "
        f"as of {manifest.made_at:%Y-%m-%d %H:%M} UTC."
    )
    return 0


async def _restore(settings: Settings, given: argparse.Namespace) -> int:
    restored = restore(
        given.file, settings.data, SystemClock().now(), force=given.force, server=_server(settings)
    )
    if given.json:
        _print_json(restored)
        return 0
    made = restored.manifest
    print(
        f"{settings.data} holds what was backed up on {made.made_at:%Y-%m-%d %H:%M} UTC: "
        f"{sum(made.rows.values())} rows, {made.images} images."
    )
    if restored.aside is not None:
        print(f"What was there before is in {restored.aside}.")
    return 0


def _server(settings: Settings) -> str | None:
    return settings.database if settings.is_shared else None


async def _upgrade(settings: Settings, given: argparse.Namespace) -> int:
    done = upgrade(settings.data, SystemClock().now(), _server(settings))
    if given.json:
        _print_json(done)
    elif done.backup is None:
        print(f"Nothing to do: schema {done.now} is this release's.")
    else:
        print(f"Schema {done.before} became {done.now}. The backup from before is {done.backup}.")
    return 0


async def _export(settings: Settings, given: argparse.Namespace) -> int:
    done = export(settings, given.who, given.file, SystemClock().now(), with_notes=given.notes)
    if given.json:
        _print_json(done)
    else:
        print(f"{given.file} has all that is held on {done.contact_id}: {(done.bytes or 0) // 1_000} kB.")
    return 0


async def _erase(settings: Settings, given: argparse.Namespace) -> int:
    done = await erase(settings, given.who, given.confirm)
    if given.json:
        _print_json(done)
    else:
        print(f"All that told of {done.contact_id} is erased here. Backups made before still have it.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bothands", description="One desk for an assistant and people.")
    parser.add_argument("--version", action="version", version=f"bothands {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "serve", _serve, "Serve the company that was imported.")
    demo = _command(commands, "demo", _demo, "Serve a made-up shop in which customers keep arriving.")
    demo.add_argument("--every", type=float, default=20.0, help="Seconds between simulated customers.")
    demo.add_argument("--no-customers", action="store_true", help="No simulated customers and agents.")
    intake = _command(commands, "import", _import, "Take in a company's folder.")
    intake.add_argument("folder", type=Path, help="See examples/retail.")
    intake.add_argument("--json", action="store_true", help="Print figures as JSON.")
    doctor = _command(commands, "doctor", _doctor, "Look whether everything needed is there.")
    doctor.add_argument("--json", action="store_true", help="Print as JSON.")
    backup = _command(commands, "backup", _backup, "Put everything into one file, while the server goes on.")
    backup.add_argument("file", type=Path, help="A new file; an existing one is never replaced.")
    backup.add_argument("--verify", action="store_true", help="Read a backup and say whether it is whole.")
    backup.add_argument("--json", action="store_true", help="Print its manifest as JSON.")
    back = _command(commands, "restore", _restore, "Make a data folder from a backup.")
    back.add_argument("file", type=Path, help="What `bothands backup` made.")
    back.add_argument("--force", action="store_true", help="Set aside what is in the folder.")
    back.add_argument("--json", action="store_true", help="Print as JSON.")
    newer = _command(commands, "upgrade", _upgrade, "Back up, bring the database to this release, check.")
    newer.add_argument("--json", action="store_true", help="Print as JSON.")
    out = _command(commands, "export", _export, "Write all that is held on a contact into a zip file.")
    _name_contact(out)
    out.add_argument("file", type=Path, help="A new file; an existing one is never replaced.")
    out.add_argument("--notes", action="store_true", help="With what the desk wrote for itself.")
    gone = _command(commands, "erase", _erase, "Erase all that tells of a contact, for good.")
    _name_contact(gone)
    gone.add_argument("--confirm", required=True, help="The contact's name or id, once more.")
    secret = _command(commands, "secret", _secret, "Make a secret to sign who an inbox's visitors are.")
    secret.add_argument("inbox", help="The inbox's short name.")
    what = secret.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="Show which there are, not the secrets themselves.")
    what.add_argument("--revoke", metavar="ID", help="What this one signed is refused from now on.")
    link = _command(commands, "link", _link, "Make a one-time sign-in link for an agent.")
    link.add_argument("email", help="The agent's e-mail address.")
    return parser


def _command(commands: Any, name: str, command: Command, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=command)
    for setting in SETTINGS:
        parser.add_argument(f"--{setting.name.replace('_', '-')}", dest=setting.name, help=setting.help)
    return parser


def _name_contact(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["contact"], help="Whose data.")
    parser.add_argument("who", help="The contact's id or e-mail address.")
    parser.add_argument("--json", action="store_true", help="Print as JSON.")


def _print_json(value: object) -> None:
    print(msgspec.json.encode(value, enc_hook=str).decode())


if __name__ == "__main__":
    sys.exit(main())
