//! Reads a project from JSON text and refuses what does not fit together, naming the place.
//! Knows no database: everything that is wrong with a file is found before anything is written.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Number, Value as Json};

use super::fields::Fields;
use super::{ClientFile, DealFile, ProjectFile, ProjectFileError, locate};
use crate::crm::model::{
    AUTHOR_BOT, AUTHOR_CLIENT, Assignment, Client, Deal, DealStatus, Direction, Distribution, HistoryEntry, Hours, MOST_SCHEDULED, Note,
    Operator, OperatorStatus, Pipeline, Project, Scheduled, Stage, Task, Visit, Weekdays, Window,
};
use crate::crm::session::rows;
use crate::crm::task::rules::END_OF_DAY;
use crate::crm::{BlockId, ClientId, DealId, OperatorId, PipelineId, StageId, key};
use crate::value::calendar::{parse_date, parse_time};
use crate::value::locale::Locale;

type Read<T> = Result<T, ProjectFileError>;

pub(super) const FILE_KEYS: &[&str] = &["project", "operators", "pipelines", "clients", "deals", "tasks"];
const PROJECT_KEYS: &[&str] = &["id", "name", "time_zone", "locale", "auto_accept_leads", "distribution", "next_id", "variables"];
const DISTRIBUTION_KEYS: &[&str] = &["enabled", "hours", "days_off", "window"];
const OPERATOR_KEYS: &[&str] = &["email", "name", "status"];
const PIPELINE_KEYS: &[&str] = &["id", "name", "stages"];
const STAGE_KEYS: &[&str] = &["id", "name"];
const CLIENT_KEYS: &[&str] = &[
    "id",
    "name",
    "phone",
    "email",
    "platform_id",
    "client_type",
    "tag",
    "created_at",
    "queued",
    "queued_until",
    "operator",
    "unread",
    "blocked",
    "unsubscribed",
    "main_client",
    "current_deal",
    "current_deal_chosen",
    "last_message_at",
    "question",
    "position",
    "variables",
    "draft",
    "visits",
    "notes",
    "scheduled",
    "history",
    "assignments",
];
const VISIT_KEYS: &[&str] = &["block", "first_at", "last_at"];
const NOTE_KEYS: &[&str] = &["text", "author", "at"];
const SCHEDULED_KEYS: &[&str] = &["block", "text", "due_at", "do_not_cancel"];
const HISTORY_KEYS: &[&str] = &["direction", "author", "text", "block", "delivered", "error", "at"];
const ASSIGNMENT_KEYS: &[&str] = &["operator", "at"];
const DEAL_KEYS: &[&str] =
    &["id", "client", "name", "description", "budget", "stage", "status", "created_at", "closed_at", "operator", "variables"];
const TASK_KEYS: &[&str] = &["id", "client", "operator", "name", "description", "due_date", "due_time", "done", "done_at"];

impl ProjectFile {
    /// Reads a project; times that are not given are `now`.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, ProjectFileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let json: Json = serde_json::from_str(text).map_err(|error| syntax_error(&error))?;
        if let Some((place, byte)) = locate::duplicate_key(text) {
            let place = format!("{}, {place}", locate::line_and_column(text, byte));
            return Err(ProjectFileError::new(place, "the key is there twice"));
        }
        Self::from_json(&json, now).map_err(|mut error| {
            for place in std::iter::once(&mut error.place).chain(error.more.iter_mut().map(|error| &mut error.place)) {
                *place = format!("{}, {place}", locate::line_and_column(text, locate::offset(text, place)));
            }
            error
        })
    }

    /// The same from JSON that has been read already.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn from_json(json: &Json, now: DateTime<Utc>) -> Result<Self, ProjectFileError> {
        let mut parser = Parser { now, zone: Tz::UTC, operators: HashMap::new(), ids: HashMap::new(), stages: HashMap::new() };
        parser.file(json)
    }
}

#[cold]
fn syntax_error(error: &serde_json::Error) -> ProjectFileError {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or(&message);
    ProjectFileError::new(format!("line {}, column {}", error.line(), error.column()), reason)
}

/// What is wrong with items of lists: one does not hide the next. What refers to others is read only when they are right.
#[derive(Default)]
struct Errors(Vec<ProjectFileError>);

impl Errors {
    /// What was read, or nothing when it is wrong.
    fn keep<T>(&mut self, result: Read<T>) -> Option<T> {
        result.map_err(|error| self.0.push(error)).ok()
    }

    /// All that has been wrong so far.
    fn report(&mut self) -> Read<()> {
        let mut all = std::mem::take(&mut self.0).into_iter();
        let Some(mut first) = all.next() else { return Ok(()) };
        first.more = all.collect();
        Err(first)
    }
}

struct Parser {
    now: DateTime<Utc>,
    zone: Tz,
    /// Operators by the key of their email.
    operators: HashMap<String, OperatorId>,
    /// Where every id of the project's counter was seen first.
    ids: HashMap<i64, String>,
    /// The pipeline of every stage.
    stages: HashMap<StageId, PipelineId>,
}

impl Parser {
    fn file(&mut self, json: &Json) -> Read<ProjectFile> {
        let fields = Fields::new(json, "", FILE_KEYS)?;
        let settings = Fields::new(fields.required("project")?, "project", PROJECT_KEYS)?;
        let project = self.project(&settings)?;
        let mut file = ProjectFile {
            project,
            next_id: settings.id("next_id")?.unwrap_or(1),
            variables: settings.shared_variables("variables")?,
            operators: Vec::new(),
            pipelines: Vec::new(),
            clients: Vec::new(),
            deals: Vec::new(),
            tasks: Vec::new(),
        };
        let mut errors = Errors::default();
        for (json, place) in fields.list("operators")? {
            let operator = Fields::new(json, place, OPERATOR_KEYS).and_then(|fields| self.operator(&fields));
            file.operators.extend(errors.keep(operator));
        }
        for (json, place) in fields.list("pipelines")? {
            let pipeline = Fields::new(json, place, PIPELINE_KEYS).and_then(|fields| self.pipeline(&fields));
            file.pipelines.extend(errors.keep(pipeline));
        }
        errors.report()?;
        for (json, place) in fields.list("clients")? {
            let client = Fields::new(json, place, CLIENT_KEYS).and_then(|fields| self.client(&fields));
            file.clients.extend(errors.keep(client));
        }
        errors.report()?;
        for (json, place) in fields.list("deals")? {
            let deal = Fields::new(json, place, DEAL_KEYS).and_then(|fields| self.deal(&fields, &file));
            file.deals.extend(errors.keep(deal));
        }
        for (json, place) in fields.list("tasks")? {
            let task = Fields::new(json, place, TASK_KEYS).and_then(|fields| self.task(&fields, &file));
            file.tasks.extend(errors.keep(task));
        }
        errors.report()?;
        check_links(&file)?;
        set_current_deals(&mut file)?;
        let highest = self.ids.keys().max().copied().unwrap_or(0);
        file.next_id = file.next_id.max(highest + 1);
        Ok(file)
    }

    fn project(&mut self, fields: &Fields<'_>) -> Read<Project> {
        let id = fields.required_id("id")?;
        let name = fields.required_name("name")?;
        if let Some(zone) = fields.text("time_zone")? {
            self.zone = zone
                .parse()
                .map_err(|_| fields.error("time_zone", format!("`{zone}` is not a time zone; write one like `Europe/Moscow`")))?;
        }
        let distribution = match fields.get("distribution") {
            None => Distribution::default(),
            Some(json) => distribution(&Fields::new(json, fields.place("distribution"), DISTRIBUTION_KEYS)?)?,
        };
        Ok(Project {
            id,
            name,
            time_zone: self.zone,
            locale: fields.word("locale", Locale::CODES, Locale::parse, Locale::En)?,
            auto_accept_leads: fields.flag("auto_accept_leads", false)?,
            distribution,
        })
    }

    fn operator(&mut self, fields: &Fields<'_>) -> Read<Operator> {
        let id = OperatorId(i64::try_from(self.operators.len()).unwrap_or(i64::MAX) + 1);
        let email = fields.required_name("email")?;
        if email.trim().is_empty() {
            return Err(fields.error("email", "it is empty"));
        }
        if self.operators.insert(key::email(&email), id).is_some() {
            return Err(fields.error("email", format!("there is another operator `{}`", email.trim())));
        }
        let name = fields.name("name")?.unwrap_or_default();
        let status = fields.word("status", OperatorStatus::WORDS, OperatorStatus::from_word, OperatorStatus::OnShift)?;
        Ok(Operator { id, email, name, status })
    }

    /// The operator whose email a field holds.
    fn operator_of(&self, fields: &Fields<'_>, field: &str) -> Read<Option<OperatorId>> {
        match fields.text(field)? {
            None => Ok(None),
            Some(email) => self
                .operators
                .get(&key::email(&email))
                .copied()
                .map(Some)
                .ok_or_else(|| fields.error(field, format!("there is no operator `{}` in the file", email.trim()))),
        }
    }

    /// An id that nothing else in the project has.
    fn new_id<Id: From<i64>>(&mut self, fields: &Fields<'_>) -> Read<Id> {
        let id: i64 = fields.required_id("id")?;
        let place = fields.place("id");
        if let Some(first) = self.ids.insert(id, place.clone()) {
            let reason =
                format!("the id `{id}` is used twice, here and in {first}; clients, deals, tasks, stages and pipelines share one counter");
            return Err(ProjectFileError::new(place, reason));
        }
        Ok(id.into())
    }

    fn pipeline(&mut self, fields: &Fields<'_>) -> Read<Pipeline> {
        let mut pipeline = Pipeline { id: self.new_id(fields)?, name: fields.required_name("name")?, stages: Vec::new() };
        for (json, place) in fields.list("stages")? {
            let stage = Fields::new(json, place, STAGE_KEYS)?;
            let stage = Stage { id: self.new_id(&stage)?, name: stage.required_name("name")? };
            self.stages.insert(stage.id, pipeline.id);
            pipeline.stages.push(stage);
        }
        Ok(pipeline)
    }

    fn client(&mut self, fields: &Fields<'_>) -> Read<ClientFile> {
        let history = fields
            .list("history")?
            .map(|(json, place)| self.history_entry(&Fields::new(json, place, HISTORY_KEYS)?))
            .collect::<Read<Vec<_>>>()?;
        // A file made by hand rarely says it twice.
        let asked = history.iter().rev().find(|entry| entry.direction == Direction::In).map(|entry| entry.text.clone());
        let question = if fields.has("question") { fields.text("question")? } else { asked };
        let unread = fields.int("unread")?.unwrap_or(0);
        if unread < 0 {
            return Err(fields.error("unread", format!("`{unread}` is negative")));
        }
        let id = self.new_id(fields)?;
        let current_deal = fields.id("current_deal")?;
        let client = Client {
            id,
            name: fields.required_name("name")?,
            platform_id: fields.name("platform_id")?,
            client_type: fields.int("client_type")?,
            phone: fields.name("phone")?,
            email: fields.name("email")?,
            tag: fields.name("tag")?,
            created_at: fields.time("created_at")?.unwrap_or(self.now),
            last_message_at: fields.time("last_message_at")?,
            question,
            operator: self.operator_of(fields, "operator")?,
            unread,
            blocked: fields.flag("blocked", false)?,
            unsubscribed: fields.flag("unsubscribed", false)?,
            queued: fields.flag("queued", false)?,
            queued_until: fields.time("queued_until")?,
            position: fields.block("position")?,
            // "Its own main client" is what an unlinked one reads as.
            main_client: fields.id("main_client")?.filter(|main| *main != id),
            current_deal,
            current_deal_chosen: fields.flag("current_deal_chosen", current_deal.is_some())?,
        };
        let mut visits: Vec<Visit> = Vec::new();
        for (json, place) in fields.list("visits")? {
            let visit = self.visit(&Fields::new(json, place.as_str(), VISIT_KEYS)?)?;
            if visits.iter().any(|other| other.block == visit.block) {
                return Err(ProjectFileError::new(place, format!("there is another visit of block `{}`", visit.block)));
            }
            visits.push(visit);
        }
        let notes = fields.list("notes")?.map(|(json, place)| self.note(&Fields::new(json, place, NOTE_KEYS)?)).collect::<Read<_>>()?;
        let scheduled = fields
            .list("scheduled")?
            .map(|(json, place)| self.scheduled(&Fields::new(json, place, SCHEDULED_KEYS)?))
            .collect::<Read<Vec<_>>>()?;
        if i64::try_from(scheduled.len()).unwrap_or(i64::MAX) > MOST_SCHEDULED {
            return Err(fields.error("scheduled", format!("a client has at most {MOST_SCHEDULED} scheduled messages")));
        }
        let assignments = fields
            .list("assignments")?
            .map(|(json, place)| self.assignment(&Fields::new(json, place, ASSIGNMENT_KEYS)?))
            .collect::<Read<_>>()?;
        Ok(ClientFile {
            client,
            variables: fields.variables("variables")?,
            draft: fields.variables("draft")?,
            visits,
            notes,
            scheduled,
            history,
            assignments,
        })
    }

    fn visit(&self, fields: &Fields<'_>) -> Read<Visit> {
        fields.required("block")?;
        let first_at = fields.time("first_at")?.or(fields.time("last_at")?).unwrap_or(self.now);
        let last_at = fields.time("last_at")?.unwrap_or(first_at);
        Ok(Visit { block: fields.block("block")?.unwrap_or(BlockId(0)), first_at, last_at })
    }

    fn note(&self, fields: &Fields<'_>) -> Read<Note> {
        Ok(Note {
            text: fields.required_text("text")?,
            author: fields.name("author")?.unwrap_or_else(|| AUTHOR_BOT.to_owned()),
            at: fields.time("at")?.unwrap_or(self.now),
        })
    }

    fn scheduled(&self, fields: &Fields<'_>) -> Read<Scheduled> {
        let message = Scheduled {
            block: fields.block("block")?,
            text: fields.text("text")?,
            due_at: fields.time("due_at")?.unwrap_or(self.now),
            do_not_cancel: fields.flag("do_not_cancel", false)?,
        };
        if message.block.is_none() && message.text.is_none() {
            return Err(fields.error("block", "a scheduled message needs a `block` or a `text`"));
        }
        Ok(message)
    }

    fn history_entry(&self, fields: &Fields<'_>) -> Read<HistoryEntry> {
        let direction = fields.word("direction", Direction::WORDS, Direction::from_word, Direction::Out)?;
        let author = match direction {
            Direction::In => AUTHOR_CLIENT,
            Direction::Out => AUTHOR_BOT,
        };
        let error = fields.text("error")?;
        Ok(HistoryEntry {
            direction,
            author: fields.name("author")?.unwrap_or_else(|| author.to_owned()),
            text: fields.text("text")?.unwrap_or_default(),
            block: fields.block("block")?,
            delivered: fields.flag("delivered", error.is_none())?,
            error,
            at: fields.time("at")?.unwrap_or(self.now),
        })
    }

    fn assignment(&self, fields: &Fields<'_>) -> Read<Assignment> {
        fields.required("operator")?;
        Ok(Assignment {
            operator: self.operator_of(fields, "operator")?.unwrap_or(OperatorId(0)),
            at: fields.time("at")?.unwrap_or(self.now),
        })
    }

    fn deal(&mut self, fields: &Fields<'_>, file: &ProjectFile) -> Read<DealFile> {
        let id = self.new_id(fields)?;
        let client = client_of(fields, file)?;
        let stage = fields.id("stage")?;
        let pipeline = match stage {
            None => None,
            Some(stage) => {
                Some(*self.stages.get(&stage).ok_or_else(|| fields.error("stage", format!("there is no stage `{stage}` in the file")))?)
            }
        };
        let budget = match fields.get("budget") {
            None => Number::from(0),
            Some(Json::Number(number)) => number.clone(),
            Some(json) => json
                .as_str()
                .and_then(rows::budget)
                .ok_or_else(|| fields.error("budget", format!("`{json}` was found, a number is wanted")))?,
        };
        let deal = Deal {
            id,
            client,
            name: fields.name("name")?.unwrap_or_default(),
            description: fields.text("description")?.unwrap_or_default(),
            budget,
            pipeline,
            stage,
            status: fields.word("status", DealStatus::WORDS, DealStatus::from_word, DealStatus::Active)?,
            created_at: fields.time("created_at")?.unwrap_or(self.now),
            closed_at: fields.time("closed_at")?,
            operator: self.operator_of(fields, "operator")?,
        };
        Ok(DealFile { deal, variables: fields.variables("variables")? })
    }

    fn task(&mut self, fields: &Fields<'_>, file: &ProjectFile) -> Read<Task> {
        let due_date = match fields.text("due_date")? {
            None => self.now.with_timezone(&self.zone).date_naive(),
            Some(text) => {
                parse_date(text.trim()).ok_or_else(|| fields.error("due_date", format!("`{text}` is not a date; write `dd.mm.yyyy`")))?
            }
        };
        let due_time = match fields.text("due_time")? {
            None => END_OF_DAY,
            Some(text) => {
                parse_time(text.trim()).ok_or_else(|| fields.error("due_time", format!("`{text}` is not a time; write `HH:MM`")))?
            }
        };
        Ok(Task {
            id: self.new_id(fields)?,
            client: client_of(fields, file)?,
            operator: self.operator_of(fields, "operator")?,
            name: fields.required_name("name")?,
            description: fields.text("description")?.unwrap_or_default(),
            due_date,
            due_time,
            done: fields.flag("done", false)?,
            done_at: fields.time("done_at")?,
        })
    }
}

fn distribution(fields: &Fields<'_>) -> Read<Distribution> {
    let hours_wanted = "`\"always\"` or a pair like `[\"09:00\", \"18:00\"]` is wanted";
    let hours = match fields.get("hours") {
        None => Hours::Always,
        Some(Json::String(word)) if word == "always" => Hours::Always,
        Some(Json::Array(pair)) => {
            let minute = |index: usize| pair.get(index).and_then(Json::as_str).and_then(|text| parse_time(text.trim()));
            match (pair.len(), minute(0), minute(1)) {
                (2, Some(from), Some(to)) if from != to => Hours::Between(from, to),
                _ => return Err(fields.error("hours", hours_wanted)),
            }
        }
        Some(_) => return Err(fields.error("hours", hours_wanted)),
    };
    let mut days_off = Weekdays::default();
    for (json, place) in fields.list("days_off")? {
        match json.as_u64().and_then(|day| u8::try_from(day).ok()) {
            Some(day @ 1..=7) => days_off.insert(day),
            _ => {
                return Err(ProjectFileError::new(place, format!("`{json}` is no day, 1 (Monday) to 7 (Sunday) is wanted")));
            }
        }
    }
    let window_wanted = "`\"day\"` or a number of minutes is wanted";
    let window = match fields.get("window") {
        None => Window::Day,
        Some(Json::String(word)) if word == "day" => Window::Day,
        Some(json) => match json.as_i64() {
            Some(minutes) if minutes > 0 => Window::Minutes(minutes),
            _ => return Err(fields.error("window", window_wanted)),
        },
    };
    Ok(Distribution { enabled: fields.flag("enabled", false)?, hours, days_off, window })
}

/// The client a deal or task belongs to.
fn client_of(fields: &Fields<'_>, file: &ProjectFile) -> Read<ClientId> {
    let client = fields.required_id("client")?;
    if file.clients.iter().any(|entry| entry.client.id == client) {
        return Ok(client);
    }
    Err(fields.error("client", format!("there is no client `{client}` in the file")))
}

/// Linked groups are stars: a main client has none itself.
fn check_links(file: &ProjectFile) -> Read<()> {
    for (index, entry) in file.clients.iter().enumerate() {
        let Some(main) = entry.client.main_client else { continue };
        let place = format!("clients[{index}].main_client");
        match file.clients.iter().find(|other| other.client.id == main) {
            None => return Err(ProjectFileError::new(place, format!("there is no client `{main}` in the file"))),
            Some(other) if other.client.main_client.is_some() => {
                let reason = format!("client `{main}` has a main client itself; all of a group name the same one");
                return Err(ProjectFileError::new(place, reason));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Checks the current deals that are given and finds the others: the newest active one.
fn set_current_deals(file: &mut ProjectFile) -> Read<()> {
    let mut newest: HashMap<ClientId, &Deal> = HashMap::new();
    for DealFile { deal, .. } in file.deals.iter().filter(|entry| entry.deal.status == DealStatus::Active) {
        let best = newest.entry(deal.client).or_insert(deal);
        if (deal.created_at, deal.id) > (best.created_at, best.id) {
            *best = deal;
        }
    }
    let owners: HashMap<DealId, ClientId> = file.deals.iter().map(|entry| (entry.deal.id, entry.deal.client)).collect();
    for (index, ClientFile { client, .. }) in file.clients.iter_mut().enumerate() {
        if let Some(deal) = client.current_deal
            && owners.get(&deal) != Some(&client.id)
        {
            let reason = match owners.get(&deal) {
                Some(owner) => format!("deal `{deal}` is client `{owner}`'s"),
                None => format!("there is no deal `{deal}` in the file"),
            };
            return Err(ProjectFileError::new(format!("clients[{index}].current_deal"), reason));
        }
        if client.current_deal.is_none() || !client.current_deal_chosen {
            client.current_deal = newest.get(&client.id).map(|deal| deal.id);
            client.current_deal_chosen = false;
        }
    }
    Ok(())
}
