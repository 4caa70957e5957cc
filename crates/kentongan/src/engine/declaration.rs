//! Declaring an incident: its channel is opened, and the public told where the severity says so.

use super::tell::Words;
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Action, Trigger};
use crate::incident::slug;
use crate::policy::document::MessageKind;
use crate::routing::{MessageFacts, Way, one_line};

/// What stands behind the name of a drill's channel.
const DRILL: &str = "-drill";

impl Work<'_> {
    /// Declares the incident: its channel is opened, and the public told where the severity says so.
    pub(super) fn declare(&mut self, by: &str) {
        if self.incident.declared.is_some() {
            self.decide(Verdict::AlreadyDeclared);
            return;
        }
        self.incident.declared = Some(crate::incident::Deed { by: by.to_owned(), at: self.at });
        self.decide(Verdict::Declared { by: by.to_owned() });
        self.review_roles();
        let Some(declaration) = self.policy.declaration() else {
            return;
        };
        if let Some(open) = &declaration.open_channel {
            let messages = self.policy.messages();
            let facts = self.facts(&Words::default());
            let service = slug(facts.service);
            let name = messages.line(crate::policy::CHANNEL_TEMPLATE, &MessageFacts { service: &service, ..facts });
            let name = name.unwrap_or_else(|| format!("#incident-{}", self.incident.id));
            // What is real is never told in the channel of a drill of the same day.
            let name = if self.incident.drill { format!("{name}{DRILL}") } else { name };
            let topic = self.render(MessageKind::Topic, &self.facts(&Words::default()));
            self.incident.channel = Some(Way { channel: open.on.clone(), address: name.clone() });
            let action = Action::OpenChannel { channel: open.on.clone(), name, text: one_line(&topic.text) };
            self.emit(Trigger::Declared, "declaration.open_channel", action);
        }
        self.tell_public(Trigger::Declared);
    }
}
