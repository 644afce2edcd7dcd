//! `calc crm enqueue`: puts events into the inbox, for `calc worker --inbox` to handle.

use std::path::PathBuf;
use std::time::SystemTime;

use calc::crm::inbox::{self, EnqueueError, NewEvent};
use calc::crm::{ProjectId, project_ids};
use calc::wording::{Message, message};
use chrono::{DateTime, Utc};

use crate::commands::worker::line::{self, EventLine};
use crate::database::OpenMode;
use crate::failure::Failure;
use crate::language::say;
use crate::options::TargetOptions;
use crate::terminal::Terminal;
use crate::{source, target};

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
    target: TargetOptions,
}

/// A line that is an event, with where it stands.
struct ReadEvent {
    place: Message,
    event: EventLine,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    for path in &arguments.files {
        let source = source::read(path)?;
        if let Some(problem) = source.problem {
            return Err(Failure::usage(message!("file-problem", name = source.name, problem = problem.message)));
        }
        for (number, text) in source.text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let place = message!("file-and-line", name = &source.name, line = number + 1);
            match line::parse_event(text) {
                Ok(event) => lines.push(ReadEvent { place, event }),
                Err(reason) => wrong.push(of_place(&place, reason)),
            }
        }
    }
    target::name_of_database(&arguments.target)?;
    let target = target::open_named(&arguments.target, OpenMode::Create)?;
    let only = match (arguments.target.project, project_ids(&*target.store)?.as_slice()) {
        (Some(named), _) => Some(named),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    let now: DateTime<Utc> = SystemTime::now().into();
    let mut events = Vec::with_capacity(lines.len());
    for ReadEvent { place, event } in &lines {
        if let Err(error) = event.to_event(now).check() {
            wrong.push(of_place(place, error.message()));
            continue;
        }
        match event.project.or(only) {
            Some(project) => events.push(new_event(event, project, now)),
            None => wrong.push(of_place(place, message!("event-must-name-project"))),
        }
    }
    if wrong.is_empty() {
        match inbox::enqueue(&*target.store, &events, now) {
            Ok(()) => {}
            Err(EnqueueError::Store(error)) => return Err(error.into()),
            Err(EnqueueError::UnknownClients(places)) => wrong.extend(places.into_iter().map(|index| {
                let NewEvent { project, client, .. } = &events[index];
                let problem = message!("no-such-client-in-project", client = client.to_string(), project = project.to_string());
                of_place(&lines[index].place, problem)
            })),
        }
    }
    if !wrong.is_empty() {
        wrong.push(message!("nothing-enqueued"));
        return Err(Failure { lines: wrong, code: 2 });
    }
    terminal.remark(&say(&message!("enqueued", count = events.len())))?;
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

/// What is wrong, with where it is.
fn of_place(place: &Message, problem: Message) -> Message {
    message!("file-problem", name = place.clone(), problem = problem)
}
