//! What the project of a fixture has for the parameters of functions: ids, addresses of operators, names of variables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use calc::crm::{BlockId, ProjectFile, role};
use calc::function::{Parameter, Role};
use serde_json::{Map, Value as Json};

/// A value for a parameter, as it is written in a script, and what it means.
pub struct Id {
    pub written: String,
    pub about: String,
}

/// The values that a project has for a parameter.
pub fn of_parameter(project: &ProjectFile, parameter: &Parameter) -> Vec<Id> {
    let id = |id: &dyn Display, about: String| Id { written: id.to_string(), about };
    if parameter.role == role::STAGE {
        let stages = project.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
        return stages.map(|(pipeline, stage)| id(&stage.id, format!("{} / {}", pipeline.name, stage.name))).collect();
    }
    if parameter.role == role::OPERATOR {
        let operators = project.operators.iter();
        return operators.map(|operator| Id { written: format!("'{}'", operator.email), about: operator.name.clone() }).collect();
    }
    if parameter.role == role::CLIENT {
        let clients = project.clients.iter().map(|entry| &entry.client);
        return clients.map(|client| id(&client.id, client.name.clone())).collect();
    }
    if parameter.role == role::DEAL {
        return project.deals.iter().map(|entry| id(&entry.deal.id, entry.deal.name.clone())).collect();
    }
    if parameter.role == role::TASK {
        return project.tasks.iter().map(|task| id(&task.id, task.name.clone())).collect();
    }
    if parameter.role == role::BLOCK {
        let visits = project.clients.iter().flat_map(|entry| entry.visits.iter().map(|visit| visit.block));
        let visits: BTreeSet<BlockId> = visits.collect();
        return visits.into_iter().map(|block| id(&block, "a block that clients were in".to_owned())).collect();
    }
    if parameter.role == Role::VariableName {
        return variables(project).into_iter().map(|(name, about)| Id { written: format!("'{name}'"), about }).collect();
    }
    Vec::new()
}

/// The variables of a project, each with whose it is and a value.
pub fn variables(project: &ProjectFile) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut add = |variables: &Map<String, Json>, whose: &str| {
        for (name, value) in variables {
            found.entry(name.clone()).or_insert_with(|| format!("{whose}: {}", shortened(value)));
        }
    };
    add(&project.variables, "of the project");
    for entry in &project.clients {
        add(&entry.variables, &format!("of client {}", entry.client.id));
        add(&entry.draft, &format!("of client {}", entry.client.id));
    }
    for entry in &project.deals {
        add(&entry.variables, &format!("of deal {}", entry.deal.id));
    }
    found
}

/// Characters of a value that are shown.
const SHOWN: usize = 60;

fn shortened(value: &Json) -> String {
    let text = value.to_string();
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(SHOWN).collect();
    if characters.next().is_none() { shown } else { format!("{shown}…") }
}
