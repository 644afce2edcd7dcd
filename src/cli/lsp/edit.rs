//! Changes of the text that the server offers: formatting, and the fixes of diagnostics.

use calc::diagnostic::Span;
use lsp_types::{CodeActionParams, TextEdit};
use serde_json::{Value as Json, json};

use super::documents::Member;
use super::places::Places;
use super::{Server, read, shown, to_json};

impl Server {
    /// The whole text laid out; nothing while it does not parse.
    pub(super) fn formatting(&mut self, member: &Member) -> Option<Json> {
        let text = member.unit.text();
        let engine = self.documents.engine();
        let is_block = self.documents.get(&member.uri).is_some_and(|document| document.may_be_block);
        let formatted = if is_block { engine.format_block_file(text) } else { engine.format(text) }.ok()?;
        if formatted == text {
            return to_json(json!([]));
        }
        let whole = Span::new(0, u32::try_from(text.len()).ok()?);
        to_json([TextEdit::new(Places::new(text, self.encoding).range(whole), formatted)])
    }

    pub(super) fn actions(&mut self, params: Json) -> Option<Json> {
        let params: CodeActionParams = read(params)?;
        let uri = params.text_document.uri;
        let (member, found) = self.diagnostics(&uri);
        let member = member?;
        let places = Places::new(member.unit.text(), self.encoding);
        let (start, end) = (places.byte(params.range.start), places.byte(params.range.end));
        let here = found.iter().filter(|found| found.span.start as usize <= end && found.span.end as usize >= start);
        let actions = here.filter_map(|found| {
            let fix = found.fix.as_ref()?;
            let replacement = fix.replacement.lines().next().unwrap_or_default();
            let title = if replacement.is_empty() { "Remove it".to_owned() } else { format!("Write `{replacement}`") };
            let edit = TextEdit::new(places.range(fix.span), fix.replacement.clone());
            Some(json!({
                "title": title,
                "kind": "quickfix",
                "diagnostics": [shown(found, &uri, &places)],
                "isPreferred": true,
                "edit": { "changes": { uri.as_str(): [edit] } },
            }))
        });
        to_json(actions.collect::<Vec<_>>())
    }
}
