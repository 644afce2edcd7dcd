//! What the project of a fixture has for the parameters of functions: ids, addresses of operators, names of variables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use calc::crm::{BlockId, ProjectFile, role};
use calc::function::{Parameter, Role};
use calc::wording::{Message, message};
use serde_json::{Map, Value as Json};

/// A value for a parameter, as it is written in a script, and what it means.
pub struct Id {
    pub written: String,
    pub about: Message,
}

/// The values that a project has for a parameter.
pub fn of_parameter(project: &ProjectFile, parameter: &Parameter) -> Vec<Id> {
    let id = |id: &dyn Display, name: &str| Id { written: id.to_string(), about: named(name) };
    if parameter.role == role::STAGE {
        let stages = project.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
        return stages.map(|(pipeline, stage)| id(&stage.id, &format!("{} / {}", pipeline.name, stage.name))).collect();
    }
    if parameter.role == role::OPERATOR {
        let operators = project.operators.iter();
        return operators.map(|entry| Id { written: format!("'{}'", entry.operator.email), about: named(&entry.operator.name) }).collect();
    }
    if parameter.role == role::CLIENT {
        let clients = project.clients.iter().map(|entry| &entry.client);
        return clients.map(|client| id(&client.id, &client.name)).collect();
    }
    if parameter.role == role::DEAL {
        return project.deals.iter().map(|entry| id(&entry.deal.id, &entry.deal.name)).collect();
    }
    if parameter.role == role::TASK {
        return project.tasks.iter().map(|task| id(&task.id, &task.name)).collect();
    }
    if parameter.role == role::BLOCK {
        let visits = project.clients.iter().flat_map(|entry| entry.visits.iter().map(|visit| visit.block));
        let visits: BTreeSet<BlockId> = visits.collect();
        return visits.into_iter().map(|block| Id { written: block.to_string(), about: message!("visited-block") }).collect();
    }
    if parameter.role == Role::VariableName {
        return variables(project).into_iter().map(|(name, about)| Id { written: format!("'{name}'"), about }).collect();
    }
    Vec::new()
}

/// The variables of a project, each with whose it is and a value.
pub fn variables(project: &ProjectFile) -> BTreeMap<String, Message> {
    let mut found = BTreeMap::new();
    let mut add = |variables: &Map<String, Json>, about: &dyn Fn(String) -> Message| {
        for (name, value) in variables {
            found.entry(name.clone()).or_insert_with(|| about(shortened(value)));
        }
    };
    add(&project.variables, &|value| message!("variable-of-project", value = value));
    for entry in &project.clients {
        let of_client = |value| message!("variable-of-client", id = entry.client.id.to_string(), value = value);
        add(&entry.variables, &of_client);
        add(&entry.draft, &of_client);
    }
    for entry in &project.deals {
        add(&entry.variables, &|value| message!("variable-of-deal", id = entry.deal.id.to_string(), value = value));
    }
    found
}

/// What has a name that says enough.
fn named(name: &str) -> Message {
    message!("of-that-name", name = name)
}

/// Characters of a value that are shown.
const SHOWN: usize = 60;

fn shortened(value: &Json) -> String {
    let text = value.to_string();
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(SHOWN).collect();
    if characters.next().is_none() { shown } else { format!("{shown}…") }
}
