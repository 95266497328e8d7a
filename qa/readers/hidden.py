"""What a page holds and no reader sees, as far as elements say so without a style.

One notion for every format that holds HTML. A closed `<details>` is not hidden: a reader opens it.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["is_closed", "is_left_out", "is_never_shown", "is_silent"]

_NEVER_SHOWN_TAGS = (
    "script style template noscript title head iframe object embed video audio canvas svg map"
    " datalist noframes noembed rt rp rtc annotation annotation-xml area applet frameset"
)
_NEVER_SHOWN = frozenset(_NEVER_SHOWN_TAGS.split())
_STRUCK = frozenset({"del", "s", "strike"})
"""Struck out: what stands there is no longer said."""
_SCREEN_READER_CLASSES = (
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only show-for-sr"
    " element-invisible u-visually-hidden a11y-hidden assistive-text govuk-visually-hidden"
    " nhsuk-u-visually-hidden"
)
_FOR_SCREEN_READERS = frozenset(_SCREEN_READER_CLASSES.split())
"""Class names that widely used style sheets hide, which a saved page often comes without."""
_DIALOGS = frozenset({"dialog", "alertdialog"})
_ICON_FONTS = ("material-icons", "material-symbols")
"""Classes whose letters a font draws as one picture: "home" is shown as a house."""


def is_never_shown(tag: str) -> bool:
    """Whether an element is left out whatever is said of it: what is no text, and what is struck
    out."""
    return tag in _NEVER_SHOWN or tag in _STRUCK


def is_left_out(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element's class or role says that it is shown to nobody, or is a picture."""
    classes = frozenset((attributes.get("class") or "").lower().split())
    if classes and not _FOR_SCREEN_READERS.isdisjoint(classes):
        return True
    if not is_silent(attributes):
        return False
    role = (attributes.get("role") or "").strip().lower()
    return role in _DIALOGS or any(name.startswith(_ICON_FONTS) for name in classes)


def is_silent(attributes: Mapping[str, str | None]) -> bool:
    """Whether screen readers pass over an element. That hides it from nobody who sees the page."""
    return (attributes.get("aria-hidden") or "").strip().lower() == "true"


def is_closed(tag: str, attributes: Mapping[str, str | None], display: str) -> bool:
    """Whether an element is one that browsers hide as long as no style gives it a `display`.

    `revert` gives back what a browser says of a tag or `popover`, but not what `hidden` says.
    """
    if display not in ("", "revert", "revert-layer"):
        return False
    if tag == "dialog" and "open" not in attributes:
        return True
    if "popover" in attributes:
        return True
    until = (attributes.get("hidden") or "").lower()
    return not display and "hidden" in attributes and until != "until-found"
