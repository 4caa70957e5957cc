"""What people wrote, shown as they wrote it."""

from __future__ import annotations

import email.header
import inspect

import pytest

from kentongan import escape


def test_nothing_that_people_wrote_is_read_as_markup() -> None:
    assert escape.markdown("<b>a | b\n# c") == "&lt;b&gt;a \\| b \\# c"
    assert escape.paragraphs("one\ntwo\n\n\n* three") == "one  \ntwo\n\n\\* three"
    assert escape.slack("<!here> @channel R&D") == "&lt;!here&gt; @\u200bchannel R&amp;D"
    assert escape.mail_header("Down\r\nBcc: eve@example.org") == "Down Bcc: eve@example.org"
    assert escape.readable("a\x00b\u202ec\td\n") == "abc\td\n"


def test_mail_programs_read_a_header_as_it_was_written() -> None:
    text = "Rumah Müller: " + "tidak ada sinyal 🚨 " * 20
    header = escape.mail_header(text)

    assert header.isascii() and "\n" not in header
    assert str(email.header.make_header(email.header.decode_header(header))) == text.strip()


def test_every_function_is_documented_and_takes_text_alone() -> None:
    for name in escape.__all__:
        function = getattr(escape, name)
        assert inspect.getdoc(function), name
        with pytest.raises(TypeError):
            function(None)
