// What people wrote is shown as they wrote it: the same as in Rust.

import assert from "node:assert/strict";
import { test } from "node:test";

import { escape } from "kentongan";

test("text reads in Markdown, Slack and mail as it was written", () => {
  assert.equal(escape.markdown("a | b\n# c"), "a \\| b \\# c");
  assert.equal(escape.paragraphs("one\ntwo\n\n\n    three\n---\n"), "one  \ntwo\n\nthree  \n\\---");
  assert.equal(escape.slack("<!here> @channel R&D"), "&lt;!here&gt; @\u200bchannel R&amp;D");
  assert.equal(escape.mailHeader("Down\r\nBcc: eve@example.org"), "Down Bcc: eve@example.org");
  assert.equal(escape.mailHeader("Rumah Müller"), "=?UTF-8?Q?Rumah_M=C3=BCller?=");
  assert.equal(escape.readable("a\u202eb\u0007\n\tc"), "ab\n\tc");
});

test("half a character does no harm", () => {
  for (const way of Object.values(escape)) assert.equal(typeof way("\ud800x"), "string");
});
