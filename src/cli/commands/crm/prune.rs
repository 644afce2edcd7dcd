//! `calc crm prune`: removes what is old.

use calc::crm::prune::{self, Retention};
use calc::wording::message;
use chrono::{DateTime, Duration, Utc};

use crate::database::OpenMode;
use crate::failure::Failure;
use crate::language::say;
use crate::options::TargetOptions;
use crate::target;
use crate::terminal::Terminal;

/// Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks
///
/// An event that is delivered again after its outcome has gone runs again; `was_in_state` knows no visit that has gone.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    target: TargetOptions,
    #[arg(long, value_name = "DAYS", help = "Outcomes of events older than that")]
    events: Option<u32>,
    #[arg(long, value_name = "DAYS", help = "Delivered, failed and received messages older than that")]
    messages: Option<u32>,
    #[arg(long, value_name = "DAYS", help = "Visits of blocks last entered before that")]
    visits: Option<u32>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    if (arguments.events, arguments.messages, arguments.visits) == (None, None, None) {
        return Err(Failure::usage(message!("prune-what")));
    }
    let target = target::open_named(&arguments.target, OpenMode::Create)?;
    let project = target.project()?;
    let now: DateTime<Utc> = std::time::SystemTime::now().into();
    let before = |days: Option<u32>| days.and_then(|days| now.checked_sub_signed(Duration::days(i64::from(days))));
    let retention = Retention { events: before(arguments.events), messages: before(arguments.messages), visits: before(arguments.visits) };
    let pruned = prune::prune(&*target.store, project, &retention)?;
    if !terminal.is_quiet() {
        let prune::Pruned { events, messages, visits } = pruned;
        terminal.line(&say(&message!("pruned", events = events, messages = messages, visits = visits)))?;
    }
    Ok(0)
}
