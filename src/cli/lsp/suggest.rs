//! What can be written at a place: completion, and the signature of the call around it.

use std::collections::BTreeMap;

use calc::check::names::{NameOwner, Use};
use calc::crm::role;
use calc::diagnostic::Span;
use calc::function::Role;
use calc::reference;
use calc::wording::message;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel,
    SignatureHelp, SignatureInformation, TextEdit,
};
use serde_json::Value as Json;

use super::documents::{Member, path_of};
use super::ids;
use super::places::Places;
use super::show::documentation;
use super::{Server, to_json};
use crate::cursor::{Cursor, OpenCall, at};
use crate::files;

/// Words of the language that begin or join statements.
const KEYWORDS: &[&str] = &[
    "if", "elif", "else", "for", "in", "while", "break", "continue", "pass", "def", "return", "and", "or", "not", "del", "True", "False",
    "None",
];

fn markdown(text: String) -> Documentation {
    Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: text })
}

fn item(label: &str, kind: CompletionItemKind, detail: Option<String>) -> CompletionItem {
    CompletionItem { label: label.to_owned(), kind: Some(kind), detail, ..CompletionItem::default() }
}

/// Names of arguments, and the ids of the project where one is expected.
fn arguments_of(member: &Member, call: &OpenCall) -> Vec<CompletionItem> {
    let Some(builtin) = member.engine().registry().get(&call.name) else { return Vec::new() };
    let mut items = Vec::new();
    let parameter = call.parameter(builtin).map(|number| &builtin.parameters[number]);
    if let (Some(parameter), Some(project)) = (parameter, &member.configuration.project) {
        let ids = ids::of_parameter(project, parameter).into_iter();
        items.extend(ids.map(|id| item(&id.written, CompletionItemKind::VALUE, Some(id.about.render(member.configuration.language)))));
    }
    if call.keyword.is_none() {
        items.extend(builtin.parameters.iter().filter(|parameter| !parameter.variadic).map(|parameter| CompletionItem {
            insert_text: Some(format!("{}=", parameter.name)),
            ..item(
                &format!("{}=", parameter.name),
                CompletionItemKind::FIELD,
                Some(reference::about_parameter(builtin, parameter, member.configuration.language).to_owned()),
            )
        }));
    }
    items
}

impl Server {
    pub(super) fn completion(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let (word, calls) = match at(member.unit.text(), byte, member.unit.message_start()) {
            Cursor::Prose => return to_json(Vec::<Json>::new()),
            Cursor::Text { written, calls } => return to_json(self.in_text(member, byte, &written, calls.last())),
            Cursor::Code { word, calls } => (word, calls),
        };
        let mut items = Vec::new();
        if let Some(call) = calls.last() {
            items.extend(arguments_of(member, call));
            items.extend(self.blocks_of(member, call));
        }
        let registry = member.engine().registry();
        for variable in registry.variables() {
            let about = reference::about_variable(variable, member.configuration.language);
            items.push(item(variable.name, CompletionItemKind::CONSTANT, Some(about.to_owned())));
        }
        let variables = self.variables(member, byte, &word);
        items.extend(variables.into_iter().map(|(name, about)| item(&name, CompletionItemKind::VARIABLE, about)));
        let defined = member.unit.names().iter().filter(|found| found.owner == NameOwner::Defined && found.usage == Use::Define);
        let about = message!("function-of-file").render(member.configuration.language);
        items.extend(defined.map(|found| item(&found.name, CompletionItemKind::FUNCTION, Some(about.clone()))));
        items.extend(registry.iter().map(|builtin| CompletionItem {
            documentation: Some(markdown(documentation(builtin, member.configuration.language))),
            ..item(builtin.name, CompletionItemKind::FUNCTION, Some(reference::signature(builtin, member.configuration.language)))
        }));
        items.extend(KEYWORDS.iter().map(|word| item(word, CompletionItemKind::KEYWORD, None)));
        to_json(items)
    }

    /// The blocks of the folder, where the number of one is expected.
    fn blocks_of(&mut self, member: &Member, call: &OpenCall) -> Vec<CompletionItem> {
        let Some(builtin) = member.engine().registry().get(&call.name) else { return Vec::new() };
        if call.parameter(builtin).is_none_or(|number| builtin.parameters[number].role != role::BLOCK) {
            return Vec::new();
        }
        let bot = self.documents.bot(&member.uri);
        let blocks = bot.iter().filter_map(|other| {
            let path = path_of(&other.uri)?;
            Some((files::block_id(&path)?, path.file_name()?.to_string_lossy().into_owned()))
        });
        blocks.map(|(id, name)| item(&id.to_string(), CompletionItemKind::VALUE, Some(name))).collect()
    }

    /// The variables that may stand at a place, with what is known of them. The word that is being written is not one yet.
    fn variables(&mut self, member: &Member, byte: usize, word: &str) -> BTreeMap<String, Option<String>> {
        let mut found = BTreeMap::new();
        if let Some(project) = &member.configuration.project {
            found
                .extend(ids::variables(project).into_iter().map(|(name, about)| (name, Some(about.render(member.configuration.language)))));
        }
        for other in self.documents.bot(&member.uri) {
            let same_file = other.uri == member.uri;
            for name in other.unit.names() {
                let is_here = same_file && name.span.end as usize == byte && name.name == word;
                let is_visible = matches!(name.owner, NameOwner::Bot(_)) || (same_file && matches!(name.owner, NameOwner::Function(_)));
                // A name stands in many places; it is copied for the first.
                if is_visible && !is_here && !found.contains_key(&name.name) {
                    found.insert(name.name.clone(), None);
                }
            }
        }
        found.retain(|name, _| member.engine().registry().variable(name).is_none());
        found
    }

    /// What a text in quotes may be: the name of a variable, the address of an operator.
    fn in_text(&mut self, member: &Member, byte: usize, written: &str, call: Option<&OpenCall>) -> Vec<CompletionItem> {
        let Some((builtin, call)) = call.and_then(|call| Some((member.engine().registry().get(&call.name)?, call))) else {
            return Vec::new();
        };
        let Some(parameter) = call.parameter(builtin).map(|number| &builtin.parameters[number]) else { return Vec::new() };
        let mut items: BTreeMap<String, Option<String>> = BTreeMap::new();
        if parameter.role == Role::VariableName {
            items = self.variables(member, byte, written);
        } else if let Some(project) = &member.configuration.project {
            let texts = ids::of_parameter(project, parameter).into_iter();
            items.extend(texts.filter_map(|id| {
                Some((id.written.strip_prefix('\'')?.strip_suffix('\'')?.to_owned(), Some(id.about.render(member.configuration.language))))
            }));
        }
        let places = Places::new(member.unit.text(), self.encoding);
        let start = u32::try_from(byte - written.len()).unwrap_or(0);
        let range = places.range(Span::new(start, u32::try_from(byte).unwrap_or(start)));
        // An address has signs in it that end a word in some editors.
        let items = items.into_iter().map(|(name, about)| CompletionItem {
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, name.clone()))),
            ..item(&name, CompletionItemKind::VALUE, about)
        });
        items.collect()
    }

    #[allow(clippy::unused_self, reason = "answers to places have one form")]
    pub(super) fn signature(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let (Cursor::Code { calls, .. } | Cursor::Text { calls, .. }) = at(member.unit.text(), byte, member.unit.message_start()) else {
            return None;
        };
        let call = calls.last()?;
        let builtin = member.engine().registry().get(&call.name)?;
        let active = call.parameter(builtin).and_then(|number| u32::try_from(number).ok());
        let parameters = builtin.parameters.iter().map(|parameter| ParameterInformation {
            label: ParameterLabel::Simple(parameter.name.to_owned()),
            documentation: Some(Documentation::String(
                reference::about_parameter(builtin, parameter, member.configuration.language).to_owned(),
            )),
        });
        let signature = SignatureInformation {
            label: reference::signature(builtin, member.configuration.language),
            documentation: Some(markdown(reference::summary(builtin, member.configuration.language))),
            parameters: Some(parameters.collect()),
            active_parameter: active,
        };
        to_json(SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active })
    }
}
