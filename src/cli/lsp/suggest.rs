//! What can be written at a place: completion, and the signature of the call around it.

use std::collections::BTreeSet;

use calc::check::names::{Owner, Use};
use calc::crm::role;
use calc::function::Builtin;
use calc::reference;
use lsp_types::{
    CompletionItem, CompletionItemKind, Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp,
    SignatureInformation,
};
use serde_json::Value as Json;

use super::cursor::{Cursor, OpenCall, at};
use super::documents::Member;
use super::show::documentation;
use super::{Server, to_json};
use crate::language;

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

/// The number of the parameter that an argument is for.
fn parameter_of(builtin: &Builtin, call: &OpenCall) -> Option<usize> {
    let by_name =
        |name: &String| builtin.parameters.iter().position(|parameter| parameter.name == name || parameter.alias == Some(name.as_str()));
    match &call.keyword {
        Some(name) => by_name(name),
        None if builtin.parameters.is_empty() => None,
        None => {
            let last = builtin.parameters.len() - 1;
            (call.argument <= last || builtin.parameters[last].variadic).then(|| call.argument.min(last))
        }
    }
}

impl Server {
    pub(super) fn completion(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let Cursor::Code { word, calls } = at(member.unit.text(), byte, member.unit.message_start()) else {
            return to_json(Vec::<Json>::new());
        };
        let mut items = Vec::new();
        if let Some(call) = calls.last() {
            items.extend(self.arguments_of(call));
        }
        let mut variables = BTreeSet::new();
        for other in self.documents.bot(&member.uri) {
            let same_file = other.uri == member.uri;
            for found in other.unit.names() {
                // The word that is being written is no variable yet.
                let is_here = same_file && found.span.end as usize == byte && found.name == word;
                match found.owner {
                    Owner::Bot(_) if !is_here => drop(variables.insert(found.name.clone())),
                    Owner::Function(_) if same_file && !is_here => drop(variables.insert(found.name.clone())),
                    Owner::Defined if same_file && found.usage == Use::Define => {
                        items.push(item(&found.name, CompletionItemKind::FUNCTION, Some("a function of this file".to_owned())));
                    }
                    _ => {}
                }
            }
        }
        let registry = self.documents.engine().registry();
        for variable in registry.variables() {
            variables.remove(variable.name);
            items.push(item(
                variable.name,
                CompletionItemKind::CONSTANT,
                Some(reference::about_variable(variable, language::current()).to_owned()),
            ));
        }
        items.extend(variables.iter().map(|name| item(name, CompletionItemKind::VARIABLE, None)));
        items.extend(registry.iter().map(|builtin| CompletionItem {
            documentation: Some(markdown(documentation(builtin))),
            ..item(builtin.name, CompletionItemKind::FUNCTION, Some(builtin.signature()))
        }));
        items.extend(KEYWORDS.iter().map(|word| item(word, CompletionItemKind::KEYWORD, None)));
        to_json(items)
    }

    /// Names of arguments, and the ids of the project where one is expected.
    fn arguments_of(&self, call: &OpenCall) -> Vec<CompletionItem> {
        let Some(builtin) = self.documents.engine().registry().get(&call.name) else { return Vec::new() };
        let mut items = Vec::new();
        if call.keyword.is_none() {
            items.extend(builtin.parameters.iter().map(|parameter| CompletionItem {
                insert_text: Some(format!("{}=", parameter.name)),
                ..item(
                    &format!("{}=", parameter.name),
                    CompletionItemKind::FIELD,
                    Some(reference::about_parameter(builtin, parameter, language::current()).to_owned()),
                )
            }));
        }
        let parameter = parameter_of(builtin, call).map(|number| &builtin.parameters[number]);
        if let (Some(parameter), Some(project)) = (parameter, &self.project) {
            if parameter.role == role::STAGE {
                let stages = project.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
                items.extend(stages.map(|(pipeline, stage)| {
                    item(&stage.id.to_string(), CompletionItemKind::VALUE, Some(format!("{} / {}", pipeline.name, stage.name)))
                }));
            }
            if parameter.role == role::OPERATOR {
                let operators = project.operators.iter();
                items.extend(
                    operators
                        .map(|operator| item(&format!("'{}'", operator.email), CompletionItemKind::VALUE, Some(operator.name.clone()))),
                );
            }
        }
        items
    }

    pub(super) fn signature(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let Cursor::Code { calls, .. } = at(member.unit.text(), byte, member.unit.message_start()) else { return None };
        let call = calls.last()?;
        let builtin = self.documents.engine().registry().get(&call.name)?;
        let active = parameter_of(builtin, call).and_then(|number| u32::try_from(number).ok());
        let parameters = builtin.parameters.iter().map(|parameter| ParameterInformation {
            label: ParameterLabel::Simple(parameter.name.to_owned()),
            documentation: Some(Documentation::String(reference::about_parameter(builtin, parameter, language::current()).to_owned())),
        });
        let signature = SignatureInformation {
            label: builtin.signature(),
            documentation: Some(markdown(reference::summary(builtin, language::current()))),
            parameters: Some(parameters.collect()),
            active_parameter: active,
        };
        to_json(SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active })
    }
}
