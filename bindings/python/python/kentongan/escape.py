"""Text that people wrote, put where it would otherwise be read as something else: it is shown as it was written.

Documents do this by themselves: what a template prints is escaped for the kind of document that it belongs to. What a
host delivers, it escapes for the way that it goes, with the same functions.

>>> from kentongan import escape
>>> escape.markdown("a | b\\n# c")
'a \\\\| b \\\\# c'
>>> escape.slack("<!here> R&D")
'&lt;!here&gt; R&amp;D'
>>> escape.mail_header("Down\\r\\nBcc: eve@example.org")
'Down Bcc: eve@example.org'
>>> escape.mail_header("Rumah Müller")
'=?UTF-8?Q?Rumah_M=C3=BCller?='
"""

from __future__ import annotations

from kentongan._kentongan import mail_header, markdown, paragraphs, readable, slack

__all__ = ["mail_header", "markdown", "paragraphs", "readable", "slack"]
