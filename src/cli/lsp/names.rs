//! Where names are: definition, references, rename, symbols.

use calc::check::names::{NameOwner, Occurrence, Use};
use calc::wording::{Message, message};
use lsp_server::ErrorCode;
use lsp_types::{
    DocumentHighlight, DocumentHighlightKind, Location, ReferenceParams, RenameParams, SymbolInformation, SymbolKind, TextEdit, Uri,
};
use serde_json::{Value as Json, json};

use super::documents::Member;
use super::places::Places;
use super::{Answer, Server, parameters, to_json};
use crate::cursor::is_name;

/// The name at a byte of a file.
pub(super) fn occurrence_at(member: &Member, byte: usize) -> Option<Occurrence> {
    let here = |occurrence: &&Occurrence| occurrence.span.range().contains(&byte) || occurrence.span.end as usize == byte;
    member.unit.names().iter().find(here).cloned()
}

/// Whether two names of a file, or of two files, are the same thing.
fn is_same(one: &Occurrence, other: &Occurrence, same_file: bool) -> bool {
    one.name == other.name
        && match (one.owner, other.owner) {
            (NameOwner::Bot(_), NameOwner::Bot(_)) | (NameOwner::Builtin, NameOwner::Builtin) => true,
            (one, other) => same_file && one == other,
        }
}

impl Server {
    /// All places of the thing that stands at a place, in all files of the bot.
    fn all(&mut self, member: &Member, byte: usize) -> Vec<(Member, Occurrence)> {
        let Some(meant) = occurrence_at(member, byte) else { return Vec::new() };
        let mut found = Vec::new();
        for other in self.documents.bot(&member.uri) {
            let same_file = other.uri == member.uri;
            let of_file = other.unit.names().iter().filter(|occurrence| is_same(&meant, occurrence, same_file));
            found.extend(of_file.map(|occurrence| (other.clone(), occurrence.clone())).collect::<Vec<_>>());
        }
        found.dedup_by(|second, first| second.0.uri == first.0.uri && second.1.span == first.1.span);
        found
    }

    fn location(&self, member: &Member, occurrence: &Occurrence) -> Location {
        Location::new(member.uri.clone(), Places::new(member.unit.text(), self.encoding).range(occurrence.span))
    }

    pub(super) fn definition(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let all = self.all(member, byte);
        let defines = |occurrence: &Occurrence| matches!(occurrence.usage, Use::Set | Use::Define | Use::Parameter);
        let local = all.iter().find(|(_, occurrence)| matches!(occurrence.owner, NameOwner::Function(_)) && defines(occurrence));
        let found: Vec<Location> = match local {
            Some((member, occurrence)) => vec![self.location(member, occurrence)],
            None => all.iter().filter(|(_, occurrence)| defines(occurrence)).map(|(member, found)| self.location(member, found)).collect(),
        };
        to_json(found)
    }

    pub(super) fn references(&mut self, params: Json) -> Answer {
        let params: ReferenceParams = parameters(params)?;
        let Some((member, byte)) = self.place(&params.text_document_position) else { return Ok(None) };
        let all = self.all(&member, byte);
        let with_declaration = params.context.include_declaration;
        let references = all.iter().filter(|(_, found)| with_declaration || !matches!(found.usage, Use::Define | Use::Parameter));
        Ok(to_json(references.map(|(member, found)| self.location(member, found)).collect::<Vec<_>>()))
    }

    pub(super) fn occurrences_here(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let all = self.all(member, byte);
        let here = all.iter().filter(|(other, _)| other.uri == member.uri).map(|(member, found)| DocumentHighlight {
            range: self.location(member, found).range,
            kind: Some(if matches!(found.usage, Use::Set | Use::Define | Use::Parameter) {
                DocumentHighlightKind::WRITE
            } else {
                DocumentHighlightKind::READ
            }),
        });
        to_json(here.collect::<Vec<_>>())
    }

    pub(super) fn can_rename(&mut self, member: &Member, byte: usize) -> Option<Json> {
        let found = occurrence_at(member, byte).filter(|found| found.owner != NameOwner::Builtin)?;
        let is_builtin_variable = matches!(found.owner, NameOwner::Bot(_)) && member.engine().registry().variable(&found.name).is_some();
        if is_builtin_variable {
            return None;
        }
        to_json(json!({ "range": self.location(member, &found).range, "placeholder": found.name }))
    }

    pub(super) fn rename(&mut self, params: Json) -> Answer {
        let params: RenameParams = parameters(params)?;
        let refuse = |reason: Message| Err((ErrorCode::InvalidParams, reason));
        let Some((member, byte)) = self.place(&params.text_document_position) else { return refuse(message!("file-not-open")) };
        let name = params.new_name.trim();
        let Some(meant) = occurrence_at(&member, byte).filter(|_| self.can_rename(&member, byte).is_some()) else {
            return refuse(message!("nothing-to-rename"));
        };
        // What is not a name, such as a keyword, does not parse as one.
        if !is_name(name) || member.engine().compile(&format!("{name} = 1")).is_err() {
            return refuse(message!("not-a-name", name = name));
        }
        let registry = member.engine().registry();
        if meant.owner == NameOwner::Defined && registry.get(name).is_some() {
            return refuse(message!("function-name-of-language", name = name));
        }
        if registry.variable(name).is_some() {
            return refuse(message!("variable-name-of-language", name = name));
        }
        if self.is_taken(&member, &meant, name) {
            return refuse(message!("name-is-taken", name = name));
        }
        let mut changes: Vec<(Uri, Vec<TextEdit>)> = Vec::new();
        for (other, found) in self.all(&member, byte) {
            let edit = TextEdit::new(self.location(&other, &found).range, name.to_owned());
            match changes.iter_mut().find(|(uri, _)| *uri == other.uri) {
                Some((_, edits)) => edits.push(edit),
                None => changes.push((other.uri.clone(), vec![edit])),
            }
        }
        let changes: serde_json::Map<String, Json> =
            changes.into_iter().filter_map(|(uri, edits)| Some((uri.as_str().to_owned(), to_json(edits)?))).collect();
        Ok(Some(json!({ "changes": changes })))
    }

    /// Whether another thing has the new name, where the two would meet.
    fn is_taken(&mut self, member: &Member, meant: &Occurrence, name: &str) -> bool {
        let name = calc::check::names::normal_form(name);
        if name == meant.name {
            return false;
        }
        let of_bot = |owner: NameOwner| matches!(owner, NameOwner::Bot(_));
        let is_function = |owner: NameOwner| matches!(owner, NameOwner::Defined | NameOwner::Builtin);
        let meets = |other: &Occurrence, same_file: bool| match meant.owner {
            NameOwner::Bot(_) => of_bot(other.owner) || (same_file && !is_function(other.owner)),
            owner if is_function(owner) => same_file && is_function(other.owner),
            _ => same_file && !is_function(other.owner),
        };
        self.documents.bot(&member.uri).iter().any(|other| {
            let same_file = other.uri == member.uri;
            other.unit.names().iter().any(|found| found.name == name && meets(found, same_file))
        })
    }

    /// Functions, and every variable where it is first set.
    fn symbols_of(&self, member: &Member) -> Vec<SymbolInformation> {
        let places = Places::new(member.unit.text(), self.encoding);
        let mut seen = std::collections::HashSet::new();
        let declarations = member.unit.names().iter().filter(|found| match (found.usage, found.owner) {
            (Use::Define, _) => true,
            (Use::Set, NameOwner::Bot(_)) => seen.insert(found.name.clone()),
            _ => false,
        });
        let symbols = declarations.map(|found| {
            #[allow(deprecated, reason = "the protocol's type has a field that is not to be used")]
            SymbolInformation {
                name: found.name.clone(),
                kind: if found.usage == Use::Define { SymbolKind::FUNCTION } else { SymbolKind::VARIABLE },
                tags: None,
                deprecated: None,
                location: Location::new(member.uri.clone(), places.range(found.span)),
                container_name: None,
            }
        });
        symbols.collect()
    }

    pub(super) fn symbols(&mut self, member: &Member) -> Option<Json> {
        to_json(self.symbols_of(member))
    }

    pub(super) fn workspace_symbols(&mut self, params: &Json) -> Option<Json> {
        let query = params["query"].as_str().unwrap_or_default().to_lowercase();
        let mut found: Vec<SymbolInformation> = Vec::new();
        for member in self.everything() {
            found.extend(self.symbols_of(&member).into_iter().filter(|symbol| symbol.name.to_lowercase().contains(&query)));
        }
        to_json(found)
    }

    /// The files of all bots of which one is open.
    fn everything(&mut self) -> Vec<Member> {
        let mut found: Vec<Member> = Vec::new();
        for uri in self.documents.all_open() {
            for member in self.documents.bot(&uri) {
                if !found.iter().any(|other| other.uri == member.uri) {
                    found.push(member);
                }
            }
        }
        found
    }
}
