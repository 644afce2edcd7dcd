//! `calc crm list`: what a project has of a kind, with filters.

use calc::crm::model::DealStatus;
use calc::crm::pages::{clients_after, deals_after, events_after, inbox_after, scheduled_after, tasks_after};
use calc::crm::{self, ClientId, OperatorId, PipelineId, ProjectFile, StageId, Store, outbox, requests};
use calc::diagnostic::visible::visible;
use calc::wording::message;
use clap::ValueEnum;
use serde_json::{Value as Json, json};

use super::show::stage;
use crate::database::OpenMode;
use crate::failure::Failure;
use crate::language::say;
use crate::options::{Format, TargetOptions};
use crate::table::{cell, local, table};
use crate::target;
use crate::terminal::Terminal;

/// List what a project has of a kind; times are the project's local time
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to list
    #[arg(value_enum)]
    kind: ListedKind,
    #[command(flatten)]
    target: TargetOptions,
    #[command(flatten)]
    filter: Filter,
    #[arg(long, value_name = "N", default_value_t = 50, help = "Show at most so many; 0 shows all")]
    limit: usize,
    #[arg(long, value_enum, default_value_t = Format::Text, help = "For people or for programs: one object a line")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListedKind {
    Clients,
    Deals,
    Tasks,
    Operators,
    Pipelines,
    /// Messages that wait to be sent
    Outbox,
    /// Messages that are to be sent later
    Scheduled,
    /// Events that wait to be handled, or were refused
    Inbox,
    /// Events that were handled
    Events,
    /// What blocks have asked of the host: callbacks, blocks, removals, notifications
    Requests,
}

/// Which ones; all that are given must fit.
#[derive(Debug, clap::Args)]
struct Filter {
    #[arg(long, value_name = "ID", help = "Only those of this client")]
    client: Option<ClientId>,
    #[arg(long, value_name = "EMAIL", help = "Only those of this operator")]
    operator: Option<String>,
    #[arg(long, value_name = "WORD", help = "Only deals or operators of this status, such as active; for tasks open or done")]
    status: Option<String>,
    #[arg(long, value_name = "ID", help = "Only deals in this stage")]
    stage: Option<StageId>,
    #[arg(long, value_name = "ID", help = "Only deals in this pipeline")]
    pipeline: Option<PipelineId>,
    #[arg(long, value_name = "TEXT", help = "Only those whose name contains this, in any case")]
    name: Option<String>,
}

/// A row for programs and, with the names of its columns, for people.
struct Row {
    json: Json,
    cells: Vec<String>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<u8, Failure> {
    arguments.filter.check(arguments.kind)?;
    let target = target::open(&arguments.target, OpenMode::Read)?;
    let project = target.project()?;
    target.announce_demo(terminal)?;
    let file = crm::dump_settings(&*target.store, project)?
        .ok_or_else(|| Failure::usage(message!("no-such-project", project = project.to_string())))?;
    let list = Listing { store: &*target.store, file: &file, filter: &arguments.filter };
    let most = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    // One more tells whether there are more.
    let mut rows = list.rows(arguments.kind, most.saturating_add(1))?;
    let has_more = rows.len() > most;
    rows.truncate(most);
    if arguments.format == Format::Json {
        for row in &rows {
            terminal.print_raw(&format!("{}\n", row.json))?;
        }
        return Ok(0);
    }
    if rows.is_empty() {
        terminal.line(&say(&message!("list-is-empty")))?;
        return Ok(0);
    }
    let mut table = table(arguments.kind.header());
    for row in rows {
        table.add_row(row.cells);
    }
    terminal.line(&table.to_string())?;
    if has_more {
        terminal.remark(&say(&message!("list-has-more", most = most)))?;
    }
    Ok(0)
}

impl ListedKind {
    fn header(self) -> &'static [&'static str] {
        match self {
            Self::Clients => &["id", "name", "phone", "email", "operator", "current_deal", "last_message_at"],
            Self::Deals => &["id", "client", "name", "budget", "status", "stage", "operator", "created_at"],
            Self::Tasks => &["id", "client", "name", "due", "operator", "done"],
            Self::Operators => &["email", "name", "status"],
            Self::Pipelines => &["pipeline", "name", "stage", "stage_name"],
            Self::Outbox => &["client", "number", "written", "block", "text"],
            Self::Scheduled => &["client", "due", "block", "text", "do_not_cancel"],
            Self::Inbox => &["client", "event", "at", "block", "text", "callback", "state"],
            Self::Events => &["client", "event", "at"],
            Self::Requests => &["client", "kind", "at", "block", "text", "message_ids", "operators"],
        }
    }

    /// The filters that mean something for the kind.
    fn filters(self) -> &'static [&'static str] {
        match self {
            Self::Clients => &["client", "operator", "name"],
            Self::Deals => &["client", "operator", "status", "stage", "pipeline", "name"],
            Self::Tasks => &["client", "operator", "status", "name"],
            Self::Operators => &["operator", "status", "name"],
            Self::Pipelines => &["pipeline", "name"],
            Self::Outbox | Self::Scheduled | Self::Inbox | Self::Events | Self::Requests => &["client"],
        }
    }
}

impl Filter {
    /// Refuses filters that the kind has no use for, and words that are not a status.
    fn check(&self, kind: ListedKind) -> Result<(), Failure> {
        let given = [
            ("client", self.client.is_some()),
            ("operator", self.operator.is_some()),
            ("status", self.status.is_some()),
            ("stage", self.stage.is_some()),
            ("pipeline", self.pipeline.is_some()),
            ("name", self.name.is_some()),
        ];
        if let Some((name, _)) = given.iter().find(|(name, is_given)| *is_given && !kind.filters().contains(name)) {
            let known: Vec<String> = kind.filters().iter().map(|name| format!("--{name}")).collect();
            return Err(Failure::usage(message!("filter-means-nothing", name = *name, known = known.join(", "))));
        }
        let words: &[&str] = match kind {
            ListedKind::Deals => DealStatus::WORDS,
            ListedKind::Tasks => &["open", "done"],
            ListedKind::Operators => calc::crm::model::OperatorStatus::WORDS,
            _ => return Ok(()),
        };
        match &self.status {
            Some(status) if !words.contains(&status.as_str()) => {
                Err(Failure::usage(message!("no-such-status", status = status, known = words.join(", "))))
            }
            _ => Ok(()),
        }
    }

    fn fits_name(&self, name: &str) -> bool {
        self.name.as_ref().is_none_or(|part| name.to_lowercase().contains(&part.to_lowercase()))
    }

    fn fits_status(&self, status: &str) -> bool {
        self.status.as_ref().is_none_or(|only| only == status)
    }

    fn fits_client(&self, client: ClientId) -> bool {
        self.client.is_none_or(|only| only == client)
    }
}

/// Reads pages and keeps the rows that fit.
struct Listing<'a> {
    store: &'a dyn Store,
    file: &'a ProjectFile,
    filter: &'a Filter,
}

impl Listing<'_> {
    fn rows(&self, kind: ListedKind, most: usize) -> Result<Vec<Row>, Failure> {
        match kind {
            ListedKind::Clients => self.clients(most),
            ListedKind::Deals => self.deals(most),
            ListedKind::Tasks => self.tasks(most),
            ListedKind::Operators => Ok(self.operators(most)),
            ListedKind::Pipelines => Ok(self.stages(most)),
            ListedKind::Outbox => self.outbox(most),
            ListedKind::Scheduled => self.scheduled(most),
            ListedKind::Inbox => self.inbox(most),
            ListedKind::Events => self.events(most),
            ListedKind::Requests => self.requests(most),
        }
    }

    fn fits_operator(&self, id: Option<OperatorId>) -> bool {
        let Some(email) = &self.filter.operator else { return true };
        let operator = self.file.operators.iter().map(|entry| &entry.operator).find(|operator| Some(operator.id) == id);
        operator.is_some_and(|operator| operator.has_email(email))
    }

    fn time(&self, time: chrono::DateTime<chrono::Utc>) -> String {
        local(time, self.file.project.time_zone)
    }

    /// The client of the filter with all that belongs to it, so that its own are found without looking at others.
    fn one_client(&self) -> Result<Option<ProjectFile>, Failure> {
        match self.filter.client {
            Some(client) => Ok(crm::dump_client(self.store, self.file.project.id, client)?),
            None => Ok(None),
        }
    }

    fn clients(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let own = self.one_client()?.map(|file| file.clients.into_iter().map(|entry| entry.client).collect());
        pages(
            most,
            own,
            |after| clients_after(self.store, self.file.project.id, after),
            |client| client.id,
            |client| {
                let fits = self.filter.fits_name(&client.name) && self.fits_operator(client.operator);
                fits.then(|| {
                    let json = self.file.client_row(client);
                    let last = client.last_message_at.map(|time| self.time(time)).unwrap_or_default();
                    let mut cells: Vec<String> =
                        ["id", "name", "phone", "email", "operator", "current_deal"].iter().map(|key| cell(&json[key])).collect();
                    cells.push(last);
                    Row { json, cells }
                })
            },
        )
    }

    fn deals(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let own = self.one_client()?.map(|file| file.deals.into_iter().map(|entry| entry.deal).collect());
        let filter = self.filter;
        pages(
            most,
            own,
            |after| deals_after(self.store, self.file.project.id, after),
            |deal| deal.id,
            |deal| {
                let fits = filter.fits_name(&deal.name)
                    && filter.fits_status(deal.status.word())
                    && self.fits_operator(deal.operator)
                    && filter.stage.is_none_or(|stage| deal.stage == Some(stage))
                    && filter.pipeline.is_none_or(|pipeline| deal.pipeline == Some(pipeline));
                fits.then(|| {
                    let json = self.file.deal_row(deal);
                    let mut cells: Vec<String> = ["id", "client", "name", "budget", "status"].iter().map(|key| cell(&json[key])).collect();
                    cells.extend([stage(self.file, deal.stage), cell(&json["operator"]), self.time(deal.created_at)]);
                    Row { json, cells }
                })
            },
        )
    }

    fn tasks(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let own = self.one_client()?.map(|file| file.tasks);
        let filter = self.filter;
        pages(
            most,
            own,
            |after| tasks_after(self.store, self.file.project.id, after),
            |task| task.id,
            |task| {
                let status = if task.done { "done" } else { "open" };
                let fits = filter.fits_name(&task.name) && filter.fits_status(status) && self.fits_operator(task.operator);
                fits.then(|| {
                    let json = self.file.task_row(task);
                    let due = format!("{} {}", cell(&json["due_date"]), cell(&json["due_time"]));
                    let mut cells: Vec<String> = ["id", "client", "name"].iter().map(|key| cell(&json[key])).collect();
                    cells.extend([due, cell(&json["operator"]), cell(&json["done"])]);
                    Row { json, cells }
                })
            },
        )
    }

    fn operators(&self, most: usize) -> Vec<Row> {
        let operators = self.file.operators.iter().filter(|entry| {
            let operator = &entry.operator;
            self.fits_operator(Some(operator.id))
                && self.filter.fits_name(&operator.name)
                && self.filter.fits_status(operator.status.word())
        });
        let row = |entry: &calc::crm::OperatorFile| {
            let json = ProjectFile::operator_row(entry);
            let cells = ["email", "name", "status"].iter().map(|key| cell(&json[key])).collect();
            Row { json, cells }
        };
        operators.map(row).take(most).collect()
    }

    fn stages(&self, most: usize) -> Vec<Row> {
        let pipelines = self
            .file
            .pipelines
            .iter()
            .filter(|pipeline| self.filter.pipeline.is_none_or(|only| pipeline.id == only) && self.filter.fits_name(&pipeline.name));
        let stages = pipelines.flat_map(|pipeline| {
            pipeline.stages.iter().map(move |stage| {
                let json = json!({ "pipeline": pipeline.id, "pipeline_name": pipeline.name, "stage": stage.id, "stage_name": stage.name });
                let cells = ["pipeline", "pipeline_name", "stage", "stage_name"].iter().map(|key| cell(&json[key])).collect();
                Row { json, cells }
            })
        });
        stages.take(most).collect()
    }

    fn outbox(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let asked = if self.filter.client.is_some() { usize::MAX } else { most };
        let messages = outbox::pending(self.store, self.file.project.id, asked)?;
        let messages = messages.into_iter().filter(|message| self.filter.fits_client(message.client));
        let row = |message: outbox::OutboxMessage| {
            let at = message.at.format("%Y-%m-%d %H:%M:%S").to_string();
            let json =
                json!({ "client": message.client, "number": message.id.number, "text": message.text, "block": message.block, "at": at });
            let cells =
                vec![cell(&json["client"]), cell(&json["number"]), self.time(message.at), cell(&json["block"]), cell(&json["text"])];
            Row { json, cells }
        };
        Ok(messages.map(row).take(most).collect())
    }

    fn requests(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let asked = if self.filter.client.is_some() { usize::MAX } else { most };
        let waiting = requests::pending(self.store, self.file.project.id, asked)?;
        let waiting = waiting.into_iter().filter(|waiting| self.filter.fits_client(waiting.request.client));
        let row = |waiting: requests::WaitingRequest| {
            let mut json = crm::request_row(&waiting.request);
            json["kind"] = json!(waiting.request.work.word());
            json["by"] = json!(waiting.id.by);
            json["number"] = json!(waiting.id.number);
            let mut cells = vec![cell(&json["client"]), cell(&json["kind"]), self.time(waiting.request.at)];
            cells.extend(["block", "text", "message_ids", "operators"].map(|key| cell(&json[key])));
            Row { json, cells }
        };
        Ok(waiting.map(row).take(most).collect())
    }

    fn inbox(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        let mut after = (self.filter.client.unwrap_or(ClientId(i64::MIN)), i64::MIN);
        loop {
            let page = inbox_after(self.store, self.file.project.id, after)?;
            let Some(last) = page.last() else { return Ok(rows) };
            after = (last.client, last.event.number);
            for row in page {
                if rows.len() >= most || !self.filter.fits_client(row.client) {
                    return Ok(rows);
                }
                let event = row.event;
                let at = event.at.format("%Y-%m-%d %H:%M:%S").to_string();
                let json = json!({
                    "client": row.client, "number": event.number, "event": event.event, "at": at, "block": event.block,
                    "text": event.text, "callback": event.callback, "error": row.error,
                });
                let mut cells = vec![cell(&json["client"]), cell(&json["event"]), self.time(event.at)];
                cells.extend(["block", "text", "callback"].map(|key| cell(&json[key])));
                cells.push(row.error.as_deref().map_or_else(|| "waits".to_owned(), |error| visible(error).into_owned()));
                rows.push(Row { json, cells });
            }
        }
    }

    fn scheduled(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        let mut after = (self.filter.client.unwrap_or(ClientId(i64::MIN)), i64::MIN);
        loop {
            let page = scheduled_after(self.store, self.file.project.id, after)?;
            let Some(last) = page.last() else { return Ok(rows) };
            after = (last.client, last.number);
            for row in page {
                if rows.len() >= most || !self.filter.fits_client(row.client) {
                    return Ok(rows);
                }
                let message = row.message;
                let due = message.due_at.format("%Y-%m-%d %H:%M:%S").to_string();
                let json = json!({
                    "client": row.client, "number": row.number, "block": message.block, "text": message.text,
                    "due_at": due, "do_not_cancel": message.do_not_cancel,
                });
                let cells = vec![
                    cell(&json["client"]),
                    self.time(message.due_at),
                    cell(&json["block"]),
                    cell(&json["text"]),
                    cell(&json["do_not_cancel"]),
                ];
                rows.push(Row { json, cells });
            }
        }
    }

    fn events(&self, most: usize) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        let mut after = (self.filter.client.unwrap_or(ClientId(i64::MIN)), String::new());
        loop {
            let page = events_after(self.store, self.file.project.id, (after.0, &after.1))?;
            let Some(last) = page.last() else { return Ok(rows) };
            after = (last.client, last.event.clone());
            for event in page {
                if rows.len() >= most || !self.filter.fits_client(event.client) {
                    return Ok(rows);
                }
                let at = event.at.format("%Y-%m-%d %H:%M:%S").to_string();
                let json = json!({ "client": event.client, "event": event.event, "at": at });
                let cells = vec![cell(&json["client"]), cell(&json["event"]), self.time(event.at)];
                rows.push(Row { json, cells });
            }
        }
    }
}

/// The rows of those that fit: of the ones that are at hand, else page by page.
fn pages<T, Id: Copy>(
    most: usize,
    own: Option<Vec<T>>,
    next: impl Fn(Option<Id>) -> Result<Vec<T>, calc::crm::StoreError>,
    id: impl Fn(&T) -> Id,
    row: impl Fn(&T) -> Option<Row>,
) -> Result<Vec<Row>, Failure> {
    if let Some(own) = own {
        return Ok(own.iter().filter_map(row).take(most).collect());
    }
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = next(after)?;
        let Some(last) = page.last() else { return Ok(rows) };
        after = Some(id(last));
        for row in page.iter().filter_map(&row) {
            rows.push(row);
            if rows.len() >= most {
                return Ok(rows);
            }
        }
    }
}
