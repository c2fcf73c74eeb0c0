"""Attachments as files to save, never as pages.

Owns: the headers of such an answer. Must not know: who may have it (selectors).
"""

from django.http import FileResponse
from django.utils.http import content_disposition_header

from ..models import Attachment
from ..services.attachments import path_of


def file_response(attachment: Attachment) -> FileResponse:
    """The content with its own type, nosniff (middleware), sandboxed and offered for saving."""
    response = FileResponse(
        path_of(attachment.sha256).open("rb"), content_type=attachment.media_type
    )
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["ETag"] = f'"{attachment.sha256}"'
    return response
