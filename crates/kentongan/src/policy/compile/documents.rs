//! Templates of documents: read from where they stand, and tried before they are needed.

use super::{Compiler, root};
use crate::policy::document::{DocumentKind, TemplateDocument};
use crate::report::Documents;
use crate::source::Path;

impl Compiler<'_> {
    pub(super) fn documents(&mut self, read: &dyn Fn(&str) -> Option<String>) -> Documents {
        let mut documents = Documents::default();
        let document = self.document;
        for (kind, template) in &document.documents {
            let path = root("documents").key(kind.as_str());
            if let Some((source, path)) = self.template_text(template, read, &path) {
                self.replace(&mut documents, *kind, template.file.as_deref(), &source, &path);
            }
        }
        documents
    }

    /// The text of a template, and the entry that it stands in.
    fn template_text(
        &mut self,
        template: &TemplateDocument,
        read: &dyn Fn(&str) -> Option<String>,
        path: &Path,
    ) -> Option<(String, Path)> {
        match (&template.text, &template.file) {
            (Some(text), None) => Some((text.clone(), path.key("text"))),
            (None, Some(file)) => {
                let path = path.key("file");
                let Some(text) = read(file) else {
                    let message = format!("the template `{file}` cannot be read");
                    self.error("missing_template", message, "put it beside the policy, or remove the entry", &path);
                    return None;
                };
                // What a document says is part of the policy, as a table is.
                self.tables.push(text.clone());
                Some((text, path))
            }
            (None, None) if self.is_given(&path.key("text")) || self.is_given(&path.key("file")) => None,
            (Some(_), Some(_)) | (None, None) => {
                let help = "give it `text`, or a `file` that has it";
                self.error("invalid_template", "a template has its text in one place", help, path);
                None
            }
        }
    }

    fn replace(
        &mut self,
        documents: &mut Documents,
        kind: DocumentKind,
        file: Option<&str>,
        source: &str,
        path: &Path,
    ) {
        let Err(error) = documents.replace(kind, source) else {
            return;
        };
        let place = error.place();
        let message = match file {
            Some(file) => format!("`{file}`, {place}: {}", error.message),
            None => format!("{} ({place} of the template)", error.message),
        };
        self.error("invalid_template", message, error.help, path);
    }
}
