//! What an editor shows beside the text: documentation, colours, folds, hints, lenses.

use std::collections::HashSet;

use calc::check::CallArgument;
use calc::check::highlight::{Class, highlight};
use calc::check::names::{NameOwner, Occurrence, Use};
use calc::function::{Builtin, Family, platform_function};
use calc::reference;
use calc::wording::{Language, message};
use lsp_types::{FoldingRange, FoldingRangeKind, InlayHintKind, InlayHintLabel, InlayHintParams, Range};
use serde_json::{Value as Json, json};

use super::documents::Member;
use super::ids;
use super::names::occurrence_at;
use super::places::Places;
use super::run_test::COMMAND;
use super::{Answer, Server, parameters, to_json};

/// The names of the classes, in their order.
pub(super) const CLASSES: &[&str] = &["comment", "keyword", "string", "number", "operator", "function", "variable", "parameter"];

const _: () = assert!(CLASSES.len() == Class::ALL.len(), "every class has a name");

/// The documentation of a function in Markdown.
pub(super) fn documentation(builtin: &Builtin, language: Language) -> String {
    format!("```calc\n{}\n```\n\n{}", reference::signature(builtin, language), reference::documentation(builtin, language).join("\n"))
}

impl Server {
    pub(super) fn hover(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let Some(found) = occurrence_at(member, byte) else { return self.about_argument(member, byte) };
        let registry = member.engine().registry();
        let language = member.configuration.language;
        let text = match found.owner {
            NameOwner::Builtin => match registry.get(&found.name) {
                Some(builtin) => documentation(builtin, language),
                None => reference::page_of_platform_function(&platform_function(&found.name)?).render(language),
            },
            NameOwner::Defined => {
                let text = member.unit.text();
                let defines = |other: &&Occurrence| other.usage == Use::Define && other.name == found.name;
                let start = member.unit.names().iter().find(defines)?.span.start as usize;
                let head = text[start..].lines().next().unwrap_or_default().trim_end();
                format!("```calc\ndef {head}\n```")
            }
            NameOwner::Function(_) | NameOwner::Comprehension(_) => message!("hover-local", name = &found.name).render(language),
            NameOwner::Bot(_) => match registry.variable(&found.name) {
                Some(variable) => format!("`{}`: {}", variable.name, reference::about_variable(variable, language)),
                None => self.about_variable(member, &found.name),
            },
        };
        let range = Places::new(member.unit.text(), self.encoding).range(found.span);
        to_json(json!({ "contents": { "kind": "markdown", "value": text }, "range": range }))
    }

    /// What an id means in the project of the fixture.
    fn about_argument(&self, member: &Member, byte: usize) -> Option<Json> {
        let arguments = member.unit.arguments(member.engine().registry());
        // The innermost call is the one whose argument is shortest.
        let here = arguments.iter().filter(|argument| argument.span.range().contains(&byte) || argument.span.end as usize == byte);
        let argument = here.min_by_key(|argument| argument.span.end - argument.span.start)?;
        let parameter = &argument.builtin.parameters[argument.parameter];
        let written = member.unit.text().get(argument.span.range())?;
        let project = member.configuration.project.as_ref()?;
        let id = ids::of_parameter(project, parameter).into_iter().find(|id| id.written == written.replace('"', "'"))?;
        let text = format!("`{}`: {}", id.written, id.about.render(member.configuration.language));
        let range = Places::new(member.unit.text(), self.encoding).range(argument.span);
        to_json(json!({ "contents": { "kind": "markdown", "value": text }, "range": range }))
    }

    /// Where a variable of the bot is set.
    fn about_variable(&mut self, member: &Member, name: &str) -> String {
        let mut places = Vec::new();
        for other in self.documents.bot(&member.uri) {
            let lines = Places::new(other.unit.text(), self.encoding);
            let file = other.uri.as_str().rsplit('/').next().unwrap_or_default().to_owned();
            for found in other.unit.names() {
                if found.name == name && found.usage == Use::Set && matches!(found.owner, NameOwner::Bot(_)) {
                    let line = other.unit.text().lines().nth(lines.line_of(found.span.start) as usize).unwrap_or_default().trim();
                    places.push(format!("{file}:{} `{line}`", lines.line_of(found.span.start) + 1));
                }
            }
        }
        let of_fixture = member.configuration.project.as_ref().and_then(|project| ids::variables(project).remove(name));
        let language = member.configuration.language;
        let mut paragraphs = Vec::new();
        if places.is_empty() {
            paragraphs.push(message!("hover-never-set", name = name).render(language));
        } else {
            places.truncate(10);
            paragraphs.push(message!("hover-set-in", name = name).render(language));
            paragraphs.push(format!("- {}", places.join("\n- ")));
        }
        paragraphs.extend(of_fixture.map(|about| message!("hover-fixture", about = about).render(language)));
        paragraphs.join("\n\n")
    }

    pub(super) fn semantic_tokens(&mut self, member: &Member) -> Option<Json> {
        let text = member.unit.text();
        let places = Places::new(text, self.encoding);
        let mut data: Vec<u32> = Vec::new();
        let (mut last_line, mut last_column) = (0, 0);
        for (span, class) in highlight(&member.unit) {
            let number = Class::ALL.iter().position(|other| *other == class)?;
            let mut at = span.start;
            // A token of the protocol does not go over lines.
            for part in text.get(span.range())?.split_inclusive('\n') {
                let shown = part.trim_end_matches(['\n', '\r']);
                let place = places.position(at);
                if !shown.is_empty() {
                    let column = if place.line == last_line { place.character - last_column } else { place.character };
                    data.extend([place.line - last_line, column, self.encoding.length(shown), u32::try_from(number).ok()?, 0]);
                    (last_line, last_column) = (place.line, place.character);
                }
                at += u32::try_from(part.len()).ok()?;
            }
        }
        to_json(json!({ "data": data }))
    }

    pub(super) fn folds(&mut self, member: &Member) -> Option<Json> {
        let places = Places::new(member.unit.text(), self.encoding);
        let fold = |start: u32, end: u32, kind: Option<FoldingRangeKind>| {
            let (start_line, end_line) = (places.line_of(start), places.line_of(end));
            (start_line < end_line).then(|| FoldingRange { start_line, end_line, kind, ..FoldingRange::default() })
        };
        // Each branch of an `if` folds by itself; so does a statement over lines that has no block.
        let mut seen = HashSet::new();
        let blocks = member.unit.blocks().into_iter().chain(member.unit.statements());
        let blocks = blocks.filter_map(|span| fold(span.start, span.end, None)).filter(|range| seen.insert(range.start_line));
        let comments = highlight(&member.unit).into_iter().filter(|(_, class)| *class == Class::Comment);
        let comments = comments.filter_map(|(span, _)| fold(span.start, span.end, Some(FoldingRangeKind::Comment)));
        to_json(blocks.chain(comments).collect::<Vec<_>>())
    }

    /// The names of positional arguments of functions of the CRM, which have many.
    pub(super) fn hints(&mut self, params: Json) -> Answer {
        let params: InlayHintParams = parameters(params)?;
        let Some(member) = self.documents.get(&params.text_document.uri) else { return Ok(None) };
        let text = member.unit.text();
        let places = Places::new(text, self.encoding);
        let shown = places.byte(params.range.start)..=places.byte(params.range.end);
        let registry = member.engine().registry();
        let mut hints = Vec::new();
        for CallArgument { span, builtin, parameter, is_named } in member.unit.arguments(registry) {
            let name = builtin.parameters[parameter].name;
            let says_nothing =
                is_named || builtin.family != Family::Host || builtin.parameters.len() < 2 || text.get(span.range()) == Some(name);
            if says_nothing || !shown.contains(&(span.start as usize)) {
                continue;
            }
            let label = InlayHintLabel::String(format!("{name}="));
            hints.push(json!({ "position": places.position(span.start), "label": label, "kind": InlayHintKind::PARAMETER }));
        }
        Ok(to_json(hints))
    }

    /// "Run" above every test of a test file.
    pub(super) fn lenses(&mut self, member: &Member) -> Option<Json> {
        if !member.is_test() {
            return to_json(json!([]));
        }
        let places = Places::new(member.unit.text(), self.encoding);
        let title = message!("lens-run-test").render(member.configuration.language);
        let tests = member.unit.names().iter().filter(|found| found.usage == Use::Define && found.name.starts_with("test_"));
        let lens = |range: Range, name: &str| json!({ "range": range, "command": { "title": title, "command": COMMAND, "arguments": [member.uri.as_str(), name] } });
        to_json(tests.map(|found| lens(places.range(found.span), &found.name)).collect::<Vec<_>>())
    }
}
