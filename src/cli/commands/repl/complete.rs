//! What can be completed while typing: commands, functions with their signatures, variables, argument names, ids.

use std::collections::BTreeSet;

use calc::crm::{BlockId, StageId, role};
use calc::engine::{Conversation, Engine};
use calc::function::{Builtin, Registry};
use calc::reference;
use calc::wording::message;

use super::commands::COMMANDS;
use crate::cursor::{self, Cursor, OpenCall};
use crate::language;
use crate::language::say;

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is shown in the list.
    pub display: String,
    /// What is put in place of the word.
    pub replacement: String,
}

/// The names of a session, read again after each input.
#[derive(Default)]
pub struct SessionNames {
    registry: Registry,
    variables: BTreeSet<String>,
    functions: BTreeSet<String>,
    stages: Vec<(StageId, String)>,
    blocks: Vec<BlockId>,
}

impl SessionNames {
    pub fn new(registry: &Registry) -> Self {
        Self { registry: registry.clone(), ..Self::default() }
    }

    /// Takes over what the session knows now. A store that fails says so with the next input; here names are missing.
    pub fn read(&mut self, engine: &Engine, conversation: &mut Conversation<'_>) {
        self.registry = engine.registry().clone();
        self.variables = conversation.temporaries().map(|(name, _)| name.to_owned()).collect();
        self.variables.extend(self.registry.variables().map(|variable| variable.name.to_owned()));
        self.functions = conversation.functions().map(str::to_owned).collect();
        let Ok(session) = conversation.session() else { return };
        if let Ok(stored) = session.client_variables() {
            for (prefix, variables) in [("", stored.deal), ("client.", stored.client), ("project.", stored.project)] {
                self.variables.extend(variables.keys().flat_map(|name| [format!("{prefix}{name}"), name.clone()]));
            }
        }
        if let Ok(pipelines) = session.pipelines() {
            let stages = pipelines.iter().flat_map(|pipeline| {
                pipeline.stages.iter().map(move |stage| (stage.id, format!("{} {} / {}", stage.id, stage.name, pipeline.name)))
            });
            self.stages = stages.collect();
        }
        self.blocks = session.visited_blocks().unwrap_or_default();
    }

    /// Where the word under the cursor begins, and how it can go on.
    pub fn offers(&self, line: &str, cursor: usize) -> (usize, Vec<Offer>) {
        let before = &line[..cursor];
        if let Some(command) = before.trim_start().strip_prefix(':')
            && !command.contains(char::is_whitespace)
        {
            let offers = COMMANDS.iter().filter(|known| known.name.starts_with(command));
            return (cursor - command.len(), offers.map(|known| offer(command_usage(known.name, known.argument), known.name)).collect());
        }
        let Cursor::Code { calls, .. } = cursor::at(before, before.len(), None) else { return (cursor, Vec::new()) };
        let start = word_start(before);
        let word = &before[start..];
        let mut offers = Vec::new();
        if let Some(call) = calls.last()
            && let Some(builtin) = self.registry.get(&call.name)
        {
            self.offer_arguments(builtin, call, word, &mut offers);
        }
        if !word.is_empty() {
            let functions = self.registry.iter().filter(|builtin| builtin.name.starts_with(word));
            offers.extend(functions.map(|builtin| offer(builtin.signature(), &format!("{}(", builtin.name))));
            let own = self.functions.iter().filter(|name| name.starts_with(word));
            offers.extend(own.map(|name| offer(format!("{name}(...)"), &format!("{name}("))));
            offers.extend(self.variables.iter().filter(|name| name.starts_with(word)).map(|name| offer(name.clone(), name)));
        }
        (start, offers)
    }

    fn offer_arguments(&self, builtin: &Builtin, call: &OpenCall, word: &str, offers: &mut Vec<Offer>) {
        let parameter = call.parameter(builtin).map(|number| &builtin.parameters[number]);
        if let Some(parameter) = parameter {
            let ids: Vec<(i64, String)> = match parameter.role {
                role::STAGE => self.stages.iter().map(|(id, name)| (id.0, name.clone())).collect(),
                role::BLOCK => self.blocks.iter().map(|block| (block.0, format!("{block}  {}", say(&message!("column-block"))))).collect(),
                _ => Vec::new(),
            };
            let fitting = ids.into_iter().map(|(id, name)| offer(name, &id.to_string()));
            offers.extend(fitting.filter(|offer| offer.replacement.starts_with(word)));
        }
        if call.keyword.is_none() {
            let names = builtin.parameters.iter().filter(|parameter| !parameter.variadic && parameter.name.starts_with(word));
            offers.extend(names.map(|parameter| {
                offer(
                    format!("{}=  {}", parameter.name, reference::about_parameter(builtin, parameter, language::current())),
                    &format!("{}=", parameter.name),
                )
            }));
        }
    }

    /// What goes on behind the cursor: the rest of the signature of the function that is being called.
    pub fn hint(&self, line: &str) -> Option<String> {
        let function = line.strip_suffix('(')?;
        let name = &function[word_start(function)..];
        let signature = self.registry.get(name).filter(|_| matches!(cursor::at(line, line.len(), None), Cursor::Code { .. }))?.signature();
        Some(signature[signature.find('(')? + 1..].to_owned())
    }
}

fn offer(display: String, replacement: &str) -> Offer {
    Offer { display, replacement: replacement.to_owned() }
}

fn command_usage(name: &str, argument: &str) -> String {
    format!(":{name} {argument}").trim_end().to_owned()
}

/// Where the name that ends a text begins; a prefix such as `client.` belongs to it.
fn word_start(before: &str) -> usize {
    let is_inside = |character: char| character == '_' || character == '.' || character.is_alphanumeric();
    before.char_indices().rev().take_while(|(_, character)| is_inside(*character)).last().map_or(before.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use calc::crm::{BlockId, StageId};

    use super::SessionNames;

    fn names() -> SessionNames {
        let mut names = SessionNames::new(calc::Engine::new().registry());
        names.stages = vec![(StageId(11), "11 New / Sales".to_owned())];
        names.blocks = vec![BlockId(7)];
        names.variables = ["client.city", "budget"].map(str::to_owned).into();
        names
    }

    fn replacements(line: &str) -> Vec<String> {
        names().offers(line, line.len()).1.into_iter().map(|offer| offer.replacement).collect()
    }

    #[test]
    fn words_go_on() {
        assert_eq!(replacements("x = create_or"), ["create_order("]);
        assert_eq!(replacements("client.c"), ["client.city"]);
        assert!(replacements("x = budg").contains(&"budget".to_owned()));
        assert_eq!(replacements(":mes"), ["message"]);
        assert_eq!(replacements("'create_or"), Vec::<String>::new());
        assert_eq!(replacements("# create_or"), Vec::<String>::new());
        assert_eq!(replacements("'#{create_or"), ["create_order("]);
    }

    #[test]
    fn arguments_are_offered() {
        assert!(replacements("create_order('A', bud").contains(&"budget=".to_owned()));
        assert_eq!(replacements("change_state(")[0], "11");
        assert_eq!(replacements("create_order('A', state_id="), ["11"]);
        assert_eq!(replacements("was_in_state(")[0], "7");
    }

    #[test]
    fn a_call_shows_the_rest_of_its_signature() {
        assert_eq!(names().hint("x = round(").as_deref(), Some("n, digits=0)"));
        assert_eq!(names().hint("x = nothing("), None);
        assert_eq!(names().hint("'round("), None);
    }
}
