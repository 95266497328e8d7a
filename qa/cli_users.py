"""`qa user`: who may log in to the staff's pages; and what `qa status` says of them."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, settings_of, tell
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal
from qa.staff.member import Role

if TYPE_CHECKING:
    from qa.settings_tables import StaffSettings
    from qa.staff.audit import AuditTrail

__all__ = ["staff_row", "user"]

user = typer.Typer(
    help="Say who may log in to the staff's pages at /staff. They are off until somebody may.",
    no_args_is_help=True,
)
Name = Annotated[
    str, typer.Argument(metavar="NAME", help='Whose, as they type it: nora, or "Nora Ruiz".')
]


@user.command("add")
def add(
    name: Name,
    role: Annotated[
        Role,
        typer.Option(
            help="`staff` test and mark answers; `maintainer` may also publish and change the "
            "threshold.",
            show_default=False,
        ),
    ],
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read the password from standard input, as a script gives it."
        ),
    ] = False,
    config: Config = None,
) -> None:
    """Let somebody log in, or give them another password or role.

    The password is asked for twice and not shown. It needs 12 characters; a few words in a row do
    well. Only a hash of it is kept. Whoever is logged in under that name is logged out.
    """
    from qa.staff.accounts import Accounts
    from qa.staff.audit import AuditTrail
    from qa.staff.file import StaffFile
    from qa.staff.sessions import Sessions

    settings = settings_of(config=config)
    file = StaffFile(settings.staff.store)
    accounts = Accounts(file, settings.clinic.name)
    given = _from_stdin() if password_stdin else _asked_twice(name)
    name = accounts.check(name, given)
    known = accounts.find(name)
    _note(AuditTrail(file), "changed an account" if known else "added an account", name, role)
    accounts.add(name, role, given)
    Sessions(file).end_all_of(name)
    if known:
        print(f"{name} has a new password and the role {role.value}, and is logged out everywhere.")
    else:
        print(
            f"{name} may log in at /staff as {role.value}. A running server need not be restarted."
        )
    _warn_of_proxy(settings.staff)


@user.command("list")
def list_(config: Config = None) -> None:
    """Show who may log in with a password, and as what."""
    from qa.staff.accounts import Accounts
    from qa.staff.file import StaffFile

    settings = settings_of(config=config)
    members = Accounts(StaffFile(settings.staff.store)).members()
    for member in members:
        print(f"{member.role.value:<12}{member.name}")
    if not members:
        tell("Nobody. `qa user add NAME --role maintainer` lets the first one in.")
    _warn_of_proxy(settings.staff)


@user.command("remove")
def remove(name: Name, config: Config = None) -> None:
    """Take somebody's account away; they are logged out at once.

    What they did stays in the audit trail.
    """
    from qa.errors import AccountError
    from qa.staff.accounts import Accounts
    from qa.staff.audit import AuditTrail
    from qa.staff.file import StaffFile
    from qa.staff.lockout import KnownBrowsers
    from qa.staff.sessions import Sessions

    file = StaffFile(settings_of(config=config).staff.store)
    accounts = Accounts(file)
    known = accounts.find(name)
    if known is None:
        raise AccountError(f"Nobody is called {name!r}. `qa user list` shows who there is.")
    _note(AuditTrail(file), "removed an account", known.name, known.role)
    accounts.remove(known.name)
    Sessions(file).end_all_of(known.name)
    KnownBrowsers(file).forget(known.name)
    print(f"{known.name} may no longer log in, and is logged out everywhere.")
    if not accounts.members():
        print("Nobody is left who may log in with a password.")


def staff_row(staff: StaffSettings) -> str:
    """How many may log in to the staff's pages, or how to turn these on, for `qa status`."""
    from qa.errors import StoreError
    from qa.staff.accounts import Accounts
    from qa.staff.file import StaffFile

    ways = []
    if staff.proxy_user_header:
        return f"on, for whom the web server in front names ({staff.proxy_user_header})"
    if staff.oidc:
        ways.append(f"whom {staff.oidc.issuer} knows")
    try:
        members = Accounts(StaffFile(staff.store)).members()
    except StoreError as error:
        return str(error)
    if members:
        keepers = sum(one.may_publish for one in members)
        ways.append(f"{len(members)} with a password, {keepers} of them maintainers")
    if ways:
        return f"on at /staff, for {', and '.join(ways)}"
    return "off; `qa user add NAME --role maintainer` turns them on"


def _asked_twice(name: str) -> str:
    from qa.errors import AccountError

    if not _at_a_terminal():
        raise AccountError(
            "There is no terminal to ask for the password at. Give it with --password-stdin."
        )
    first = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("The same again: ") != first:
        raise AccountError("The two were not the same. Nothing was changed; try again.")
    return first


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _from_stdin() -> str:
    """The first line, without its end."""
    return sys.stdin.readline().rstrip("\r\n")


def _note(audit: AuditTrail, what: str, name: str, role: Role) -> None:
    try:
        by = f"{getpass.getuser()} on this computer"
    except (KeyError, OSError, ImportError):
        by = "on this computer"
    audit.note("qa user", what, f"{name} ({role.value})", by)


def _warn_of_proxy(staff: StaffSettings) -> None:
    if staff.proxy_user_header:
        print(
            "Note: passwords are not asked for while `proxy_user_header` is set under [staff] in "
            "qa.toml; the web server in front says who somebody is.",
            file=sys.stderr,
        )
