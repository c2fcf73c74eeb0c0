"""Attachments as files to save, never as pages.

Owns: the headers of such an answer. Promises: content that is missing on disk is told as absent,
and the log says so; content of another node that has not come is asked for. Must not know: who may
have it (selectors).
"""

import logging

from django.conf import settings
from django.http import FileResponse
from django.utils.http import content_disposition_header

from realtime.blobs import path_of, want
from realtime.problems import NotFound

from ..errors import NotHereYet
from ..models import Attachment

logger = logging.getLogger(__name__)


def file_response(attachment: Attachment) -> FileResponse:
    """The content with its own type, nosniff (middleware), sandboxed and offered for saving."""
    try:
        content = path_of(attachment.sha256).open("rb")
    except FileNotFoundError as error:
        if attachment.home != settings.NODE_ID:
            want(attachment.sha256)
            raise NotHereYet from error
        logger.error("the content of attachment %s is missing", attachment.pk)
        raise NotFound from error
    response = FileResponse(content, content_type=attachment.media_type)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["ETag"] = f'"{attachment.sha256}"'
    return response
