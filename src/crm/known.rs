//! What a project has that a refused argument could have named: its stages, operators and tables, the first of
//! many.

use super::pipeline::Pipeline;
use super::{Session, role};
use crate::function::Role;
use crate::store::{Batch, Statement, StoreError, statements};
use crate::wording::{Argument, Message, message};

/// More of them in one sentence help nobody.
const MOST: usize = 10;

/// What there is for a role that people know by name.
pub(super) fn of_role(session: &mut Session, role: Role) -> Result<Option<Message>, StoreError> {
    if role == role::STAGE {
        stages(session)
    } else if role == role::OPERATOR {
        operators(session)
    } else if role == role::LIST || role == role::LIST_NAME {
        let shown = first_named(session, &statements::FIRST_LISTS)?;
        Ok(named(shown, |list| message!("lists-of-project", list = list), |list| message!("lists-of-project-first", list = list)))
    } else if role == role::LABEL || role == role::LABEL_NAME {
        let shown = first_named(session, &statements::FIRST_LABELS)?;
        Ok(named(shown, |list| message!("labels-of-project", list = list), |list| message!("labels-of-project-first", list = list)))
    } else if role == role::TABLE {
        tables(session)
    } else {
        Ok(None)
    }
}

fn tables(session: &mut Session) -> Result<Option<Message>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::FIRST_TABLES).int(session.project().id);
    let mut reader = session.ask_one(&batch)?.reader();
    let mut shown = Vec::new();
    while reader.more() {
        let (id, name) = (reader.int::<i64>()?, reader.text()?);
        shown.push(format!("`{id}` {name}"));
    }
    Ok(if shown.is_empty() {
        None
    } else if shown.len() > MOST {
        shown.truncate(MOST);
        Some(message!("tables-of-project-first", list = Argument::all(shown)))
    } else {
        Some(message!("tables-of-project", list = Argument::all(shown)))
    })
}

fn stages(session: &mut Session) -> Result<Option<Message>, StoreError> {
    let pipelines = session.pipelines()?;
    let name = |pipeline: &Pipeline, stage: &str| match pipelines.len() {
        1 => stage.to_owned(),
        _ => format!("{} / {stage}", pipeline.name),
    };
    let all = pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
    let shown: Vec<String> =
        all.clone().take(MOST).map(|(pipeline, stage)| format!("`{}` {}", stage.id, name(pipeline, &stage.name))).collect();
    let count = all.count();
    Ok(match (count, shown) {
        (0, _) => None,
        (1..=MOST, shown) => Some(message!("stages-of-project", list = Argument::all(shown))),
        (_, shown) => Some(message!("stages-of-project-first", list = Argument::all(shown), count = count)),
    })
}

fn operators(session: &mut Session) -> Result<Option<Message>, StoreError> {
    let mut batch = Batch::new();
    batch.add(&statements::FIRST_OPERATORS).int(session.project().id);
    let mut reader = session.ask_one(&batch)?.reader();
    let mut shown = Vec::new();
    while reader.more() {
        let (email, name) = (reader.text()?, reader.text()?);
        shown.push(if name.is_empty() { format!("`{email}`") } else { format!("`{email}` {name}") });
    }
    Ok(if shown.is_empty() {
        None
    } else if shown.len() > MOST {
        shown.truncate(MOST);
        Some(message!("operators-of-project-first", list = Argument::all(shown)))
    } else {
        Some(message!("operators-of-project", list = Argument::all(shown)))
    })
}

/// The first things that a statement finds, with their names.
fn first_named(session: &mut Session, statement: &'static Statement) -> Result<Vec<String>, StoreError> {
    let mut batch = Batch::new();
    batch.add(statement).int(session.project().id);
    let mut reader = session.ask_one(&batch)?.reader();
    let mut shown = Vec::new();
    while reader.more() {
        let (id, name): (i64, String) = (reader.int()?, reader.text()?);
        shown.push(format!("`{id}` {name}"));
    }
    Ok(shown)
}

fn named(mut shown: Vec<String>, all: impl Fn(Argument) -> Message, first: impl Fn(Argument) -> Message) -> Option<Message> {
    if shown.is_empty() {
        None
    } else if shown.len() > MOST {
        shown.truncate(MOST);
        Some(first(Argument::all(shown)))
    } else {
        Some(all(Argument::all(shown)))
    }
}
