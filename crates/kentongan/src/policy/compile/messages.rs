//! Messages and the name of the incident channel: templates, tried once before they are needed.

use super::{CHANNEL_TEMPLATE, Compiler, root};

use crate::routing::Messages;

impl Compiler<'_> {
    pub(super) fn messages(&mut self) -> Messages {
        let mut messages = Messages::new();
        let document = self.document;
        for (kind, message) in &document.messages {
            if let Err((part, error)) = messages.replace(*kind, message) {
                let key = serde_json::to_value(kind)
                    .ok()
                    .and_then(|kind| kind.as_str().map(str::to_owned))
                    .unwrap_or_default();
                let text = format!("{} ({} of the template)", error.message, error.place());
                self.error("invalid_template", text, error.help, &root("messages").key(key).key(part));
            }
        }
        for (name, severity) in &document.severities {
            let Some(impact) = &severity.public.impact else { continue };
            if let Err(error) = messages.define_impact(name, impact) {
                let text = format!("{} ({} of the template)", error.message, error.place());
                let place = root("severities").key(name).key("public").key("impact");
                self.error("invalid_template", text, error.help, &place);
            }
        }
        if document.declaration.as_ref().is_some_and(|it| it.post_resolved && it.status_page.is_none()) {
            let path = root("declaration").key("post_resolved");
            if !self.exists(&root("declaration").key("status_page")) {
                let help = "name the page with `status_page`, or remove `post_resolved`";
                self.error("no_status_page", "there is no page on which it could be posted", help, &path);
            }
        }
        if let Some(open) = document.declaration.as_ref().and_then(|declaration| declaration.open_channel.as_ref()) {
            let path = root("declaration").key("open_channel");
            self.channel(&open.on, &path.key("on"));
            if let Err(error) = messages.define(CHANNEL_TEMPLATE, &open.name) {
                self.error("invalid_template", error.message, error.help, &path.key("name"));
            }
        }
        messages
    }
}
