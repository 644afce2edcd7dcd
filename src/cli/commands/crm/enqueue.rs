//! `calc crm enqueue`: puts events into the inbox, for `calc worker --inbox` to handle.

use std::path::PathBuf;
use std::time::SystemTime;

use calc::crm::inbox::{self, EnqueueError, NewEvent};
use calc::crm::{ProjectId, project_ids};
use chrono::{DateTime, Utc};

use crate::commands::worker::line::{self, EventLine};
use crate::database::Access;
use crate::failure::Failure;
use crate::options::PlaceOptions;
use crate::terminal::Terminal;
use crate::{place, source};

/// Put events into the inbox of the database, which `calc worker --inbox` empties
///
/// Each line of a file is an event as `calc worker` reads it. All of them are put in, or, when a line is no event or is for a
/// client that does not exist, none. Events of one client keep their order. An event whose id was handled before, or is in
/// the inbox already, runs once.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The files, JSON lines; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    place: PlaceOptions,
}

/// A line that is an event, with where it stands.
struct Read {
    place: String,
    event: EventLine,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    for path in &arguments.files {
        let source = source::read(path)?;
        if let Some(problem) = source.problem {
            return Err(Failure::usage(format!("{}: {}", source.name, problem.message)));
        }
        for (number, text) in source.text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let place = format!("{}, line {}", source.name, number + 1);
            match line::parse_event(text) {
                Ok(event) => lines.push(Read { place, event }),
                Err(reason) => wrong.push(format!("{place}: {reason}")),
            }
        }
    }
    let place = place::open_named(&arguments.place, Access::Create)?;
    let only = match (arguments.place.project, project_ids(&*place.store)?.as_slice()) {
        (Some(named), _) => Some(named),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    let now: DateTime<Utc> = SystemTime::now().into();
    let mut events = Vec::with_capacity(lines.len());
    for Read { place, event } in &lines {
        if let Err(error) = event.to_event(now).check() {
            wrong.push(format!("{place}: {error}"));
            continue;
        }
        match event.project.or(only) {
            Some(project) => events.push(new_event(event, project, now)),
            None => wrong.push(format!("{place}: the database holds several projects: the event has to name one")),
        }
    }
    if wrong.is_empty() {
        match inbox::enqueue(&*place.store, &events, now) {
            Ok(()) => {}
            Err(EnqueueError::Store(error)) => return Err(error.into()),
            Err(EnqueueError::UnknownClients(places)) => wrong.extend(places.into_iter().map(|index| {
                let NewEvent { project, client, .. } = &events[index];
                format!("{}: project {project} has no client `{client}`", lines[index].place)
            })),
        }
    }
    if !wrong.is_empty() {
        wrong.push("nothing was put into the inbox".to_owned());
        return Err(Failure { lines: wrong, code: 2 });
    }
    let words = if events.len() == 1 { "1 event".to_owned() } else { format!("{} events", events.len()) };
    terminal.remark(&format!("{words} put into the inbox"))?;
    Ok(0)
}

fn new_event(line: &EventLine, project: ProjectId, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        project,
        client: line.client,
        event: line.event.clone(),
        block: line.block,
        text: line.text.clone(),
        callback: line.callback.clone(),
        at: line.at.unwrap_or(now),
    }
}
