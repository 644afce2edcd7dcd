//! Changes of the text that the server offers: formatting, and the fixes of diagnostics.

use calc::check::File;
use calc::check::fix;
use calc::diagnostic::Span;
use calc::wording::message;
use lsp_types::{CodeActionParams, TextEdit, Uri};
use serde_json::{Value as Json, json};
use similar::{Algorithm, capture_diff_slices};

use super::documents::Member;
use super::places::Places;
use super::report::shown;
use super::{Answer, Server, parameters, to_json};

const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll";

impl Server {
    /// What has to be changed to lay the text out; nothing while it does not parse.
    pub(super) fn formatting(&mut self, member: &Member) -> Option<Json> {
        let text = member.unit.text();
        let engine = member.engine();
        let is_block = self.documents.may_be_block(&member.uri);
        let formatted = if is_block { engine.format_block_file(text) } else { engine.format(text) }.ok()?;
        to_json(self.edits(text, &formatted))
    }

    /// The lines that differ: what is left alone keeps the cursor, the folds and the marks that are on it.
    fn edits(&self, before: &str, after: &str) -> Vec<TextEdit> {
        let places = Places::new(before, self.encoding);
        let lines = |text: &'_ str| -> Vec<usize> {
            std::iter::once(0)
                .chain(text.split_inclusive('\n').scan(0, |at, line| {
                    *at += line.len();
                    Some(*at)
                }))
                .collect()
        };
        let (old_starts, new_starts) = (lines(before), lines(after));
        let old: Vec<&str> = before.split_inclusive('\n').collect();
        let new: Vec<&str> = after.split_inclusive('\n').collect();
        let changes = capture_diff_slices(Algorithm::Myers, &old, &new).into_iter().filter_map(|change| {
            let (tag, old, new) = change.as_tag_tuple();
            if tag == similar::DiffTag::Equal {
                return None;
            }
            let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let span = Span::new(byte(old_starts[old.start]), byte(old_starts[old.end]));
            Some(TextEdit::new(places.range(span), after[new_starts[new.start]..new_starts[new.end]].to_owned()))
        });
        changes.collect()
    }

    pub(super) fn actions(&mut self, params: Json) -> Answer {
        let params: CodeActionParams = parameters(params)?;
        let uri = params.text_document.uri;
        let only = params.context.only;
        // `source` asks for `source.fixAll` too.
        let wants = |kind: &str| {
            let asks =
                |asked: &str| asked.is_empty() || kind == asked || kind.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'));
            only.as_ref().is_none_or(|only| only.iter().any(|asked| asks(asked.as_str())))
        };
        let (Some(member), found) = self.diagnostics(&uri) else { return Ok(None) };
        let places = Places::new(member.unit.text(), self.encoding);
        let (start, end) = (places.byte(params.range.start), places.byte(params.range.end));
        let mut actions = Vec::new();
        let here = found.iter().filter(|found| found.span.start as usize <= end && found.span.end as usize >= start);
        for found in here.filter(|_| wants(QUICK_FIX)) {
            let Some(fix) = &found.fix else { continue };
            let replacement = fix.replacement.lines().next().unwrap_or_default();
            let title = if replacement.is_empty() { message!("action-remove") } else { message!("action-write", text = replacement) };
            let edit = TextEdit::new(places.range(fix.span), fix.replacement.clone());
            actions.push(json!({
                "title": title.render(member.configuration.language),
                "kind": QUICK_FIX,
                "diagnostics": [shown(found, &member.configuration, &uri, &places)],
                "isPreferred": true,
                "edit": { "changes": { uri.as_str(): [edit] } },
            }));
        }
        if wants(FIX_ALL) && found.iter().any(|found| found.fix.is_some()) {
            actions.extend(self.fix_all(&uri, &member));
        }
        Ok(to_json(actions))
    }

    /// All fixes that are certain, as `calc fix` makes them.
    fn fix_all(&self, uri: &Uri, member: &Member) -> Option<Json> {
        let file = File { text: member.unit.text(), may_be_block: self.documents.may_be_block(uri) };
        let configuration = &member.configuration;
        let fixed = fix::fix(member.engine(), &[file], configuration.project.as_ref(), &|found| configuration.includes(found))
            .into_iter()
            .next()?;
        let edits = self.edits(member.unit.text(), &fixed.text);
        if edits.is_empty() {
            return None;
        }
        let title = message!("action-fix-all").render(configuration.language);
        Some(json!({ "title": title, "kind": FIX_ALL, "edit": { "changes": { uri.as_str(): edits } } }))
    }
}
