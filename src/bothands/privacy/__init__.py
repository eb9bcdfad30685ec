"""A contact's right to their data: all of it handed out, or erased, and nothing kept longer than declared.

What there is follows from the tables' own declarations (`storage.keeps`), so no table is forgotten here.
"""

from bothands.privacy.erasing import erase_contact
from bothands.privacy.events import ContactErased
from bothands.privacy.expiring import expire
from bothands.privacy.exporting import make_export, write_export
from bothands.privacy.model import DataRequest, Places, RequestKind
from bothands.privacy.requesting import ask_for_erasure, ask_for_export, claim_file, request_of

__all__ = [
    "ContactErased",
    "DataRequest",
    "Places",
    "RequestKind",
    "ask_for_erasure",
    "ask_for_export",
    "claim_file",
    "erase_contact",
    "expire",
    "make_export",
    "request_of",
    "write_export",
]
