//! Reads a project from JSON text and refuses what does not fit together, naming the place.
//! Knows no database: everything that is wrong with a file is found before anything is written.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Number, Value as Json};

use super::fields::{Fields, ParseResult};
use super::links::{check_links, set_current_deals};
use super::{ClientFile, DealFile, LabelFile, ListFile, OperatorFile, ProjectFile, ProjectFileError, TableFile, locate};
use crate::crm::model::{
    AUTHOR_BOT, AUTHOR_CLIENT, Assignment, COLORS, Client, ClientLabel, ClientList, Deal, DealStatus, Direction, Distribution,
    HistoryEntry, Hours, MOST_SCHEDULED, Note, Operator, OperatorDetails, OperatorStatus, OwnTable, Pipeline, Project, Scheduled, Stage,
    TableRecord, Task, Visit, Weekdays, Window,
};
use crate::crm::requests::{HostRequest, HostWork};
use crate::crm::session::rows;
use crate::crm::table::limits as table;
use crate::crm::task::rules::END_OF_DAY;
use crate::crm::{BlockId, ClientId, OperatorId, PipelineId, RecordId, StageId, key};
use crate::diagnostic::closest;
use crate::diagnostic::reader::reader_problem;
use crate::value::Value;
use crate::value::calendar::{parse_date, parse_time};
use crate::value::locale::Locale;
use crate::wording::{Message, message};

pub(super) const FILE_KEYS: &[&str] =
    &["project", "operators", "pipelines", "clients", "deals", "tasks", "blocks", "lists", "labels", "tables", "events", "notifications"];
const PROJECT_KEYS: &[&str] = &["id", "name", "time_zone", "locale", "auto_accept_leads", "distribution", "next_id", "variables"];
const DISTRIBUTION_KEYS: &[&str] = &["enabled", "hours", "days_off", "window"];
const OPERATOR_KEYS: &[&str] =
    &["email", "name", "status", "description", "contact_email", "phone", "position", "custom_field1", "custom_field2", "custom_field3"];
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
    "group",
    "paused_until",
];
const VISIT_KEYS: &[&str] = &["block", "first_at", "last_at"];
const NOTE_KEYS: &[&str] = &["text", "author", "at"];
const SCHEDULED_KEYS: &[&str] = &["block", "text", "due_at", "do_not_cancel"];
const HISTORY_KEYS: &[&str] = &["direction", "author", "text", "block", "delivered", "error", "at", "message_ids", "removed"];
const ASSIGNMENT_KEYS: &[&str] = &["operator", "at"];
const DEAL_KEYS: &[&str] =
    &["id", "client", "name", "description", "budget", "stage", "status", "created_at", "closed_at", "operator", "variables"];
const TASK_KEYS: &[&str] = &["id", "client", "operator", "name", "description", "due_date", "due_time", "done", "done_at"];
const LIST_KEYS: &[&str] = &["id", "name", "clients"];
const LABEL_KEYS: &[&str] = &["id", "name", "color", "clients"];

const TABLE_KEYS: &[&str] = &["id", "name", "columns", "next_record", "records"];
const RECORD_KEYS: &[&str] = &["id", "cells"];
const BLOCK_KEYS: &[&str] = &["id", "name"];
const EVENT_KEYS: &[&str] = &["kind", "client", "text", "block", "message_ids", "at"];
const NOTIFICATION_KEYS: &[&str] = &["text", "operators", "priority", "client", "at"];

impl ProjectFile {
    /// Reads a project; times that are not given are `now`.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, ProjectFileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let json: Json = serde_json::from_str(text).map_err(|error| syntax_error(text, &error))?;
        let mut twice = locate::duplicate_keys(text).into_iter().map(|(place, byte)| {
            let mut error = ProjectFileError::new(place, message!("file-key-twice"));
            error.position = Some(locate::line_and_column(text, byte));
            error
        });
        let first = twice.next();
        let read = Self::from_json(&json, now).map_err(|mut error| {
            let at = |error: &mut ProjectFileError| {
                error.position = Some(locate::line_and_column(text, locate::offset(text, &error.place)));
            };
            at(&mut error);
            error.more.iter_mut().for_each(at);
            error
        });
        let Some(mut first) = first else { return read };
        // One mistake does not hide the others.
        first.more = twice.collect();
        if let Err(mut error) = read {
            let more = std::mem::take(&mut error.more);
            first.more.push(error);
            first.more.extend(more);
        }
        first.more.sort_by_key(|error| error.position);
        Err(first)
    }

    /// The same from JSON that has been read already.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn from_json(json: &Json, now: DateTime<Utc>) -> Result<Self, ProjectFileError> {
        let mut parser = Parser {
            now,
            zone: Tz::UTC,
            operators: HashMap::new(),
            ids: HashMap::new(),
            choices: HashSet::new(),
            stages: HashMap::new(),
            labels: HashMap::new(),
        };
        parser.file(json)
    }
}

#[cold]
fn syntax_error(text: &str, error: &serde_json::Error) -> ProjectFileError {
    let mut problem = ProjectFileError::new("", message!("not-json", error = reader_problem(error)));
    // The reader counts bytes, and an end of a line as column 0 of the next one.
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    problem.position = Some(locate::line_and_column(text, (before + error.column()).saturating_sub(1)));
    problem
}

/// What is wrong with items of lists: one does not hide the next.
#[derive(Default)]
pub(super) struct Errors(pub(super) Vec<ProjectFileError>);

impl Errors {
    /// What can be read of an item: it is read again without each wrong key, and with a number in place of one that must be
    /// there, so that one mistake does not hide the next, and what refers to the item finds it.
    fn item<T>(&mut self, json: &Json, place: &str, mut read: impl FnMut(&Json) -> ParseResult<T>) -> Option<T> {
        let mut rest = Cow::Borrowed(json);
        let first = self.0.len();
        let mut filled_in: Vec<String> = Vec::new();
        loop {
            let error = match read(&rest) {
                Ok(item) => return Some(item),
                Err(error) => error,
            };
            if filled_in.contains(&error.place) || self.0.len() - first >= MOST_OF_ONE_ITEM {
                return None;
            }
            let Some((parent, key)) = error.place.strip_prefix(place).and_then(|path| parent_of(rest.to_mut(), path)) else {
                self.0.push(error);
                return None;
            };
            let was_there = parent.remove(&key).is_some();
            if !was_there {
                parent.insert(key, Json::from(i64::from(i32::MAX)));
                filled_in.push(error.place.clone());
            }
            // What was taken out is missing now, which is not a mistake of its own.
            if !self.0[first..].iter().any(|known| known.place == error.place) {
                self.0.push(error);
            }
        }
    }

    /// All that has been wrong so far.
    fn report(&mut self) -> ParseResult<()> {
        let mut all = std::mem::take(&mut self.0).into_iter();
        let Some(mut first) = all.next() else { return Ok(()) };
        first.more = all.collect();
        Err(first)
    }
}

/// How many mistakes of one item are looked for: each is a reading of its own.
const MOST_OF_ONE_ITEM: usize = 20;

/// The object that the key at a place such as `.stages[0].name` of an item is in, and the key.
fn parent_of<'j>(item: &'j mut Json, path: &str) -> Option<(&'j mut Map<String, Json>, String)> {
    let pointer = path.replace(['.', '['], "/").replace(']', "");
    let (parent, key) = pointer.rsplit_once('/')?;
    Some((item.pointer_mut(parent)?.as_object_mut()?, key.to_owned()))
}

struct Parser {
    now: DateTime<Utc>,
    zone: Tz,
    /// Operators by the key of their email, each with its place.
    operators: HashMap<String, (OperatorId, String)>,
    /// Where every id of the project's counter was seen first.
    ids: HashMap<i64, String>,
    /// The clients whose current deal is said to be chosen or not.
    choices: HashSet<ClientId>,
    /// The pipeline of every stage.
    stages: HashMap<StageId, PipelineId>,
    /// Where the name of every label was seen first.
    labels: HashMap<String, String>,
}

impl Parser {
    fn file(&mut self, json: &Json) -> ParseResult<ProjectFile> {
        let fields = Fields::new(json, "", FILE_KEYS)?;
        let mut errors = Errors::default();
        let settings = errors.item(fields.required("project")?, "project", |json| {
            let settings = Fields::new(json, "project", PROJECT_KEYS)?;
            let variables = settings.shared_variables("variables")?;
            // Functions read variables of clients and deals by any name; those of the project are only read as `project.x`.
            if let Some(name) = variables.keys().find(|name| !is_name(name)) {
                let place = format!("project.variables.{name}");
                return Err(ProjectFileError::new(place, message!("file-variable-out-of-reach", name = name)));
            }
            Ok(ProjectFile {
                project: self.project(&settings)?,
                next_id: settings.id("next_id")?.unwrap_or(1),
                variables,
                operators: Vec::new(),
                pipelines: Vec::new(),
                clients: Vec::new(),
                deals: Vec::new(),
                tasks: Vec::new(),
                lists: Vec::new(),
                labels: Vec::new(),
                tables: Vec::new(),
                blocks: Vec::new(),
                events: Vec::new(),
                notifications: Vec::new(),
            })
        });
        let Some(mut file) = settings else {
            errors.report()?;
            return Err(ProjectFileError::new("project", message!("file-missing-key", key = "project")));
        };
        for (json, place) in fields.list("operators")? {
            let operator = errors
                .item(json, &place, |json| Fields::new(json, place.as_str(), OPERATOR_KEYS).and_then(|fields| self.operator(&fields)));
            file.operators.extend(operator);
        }
        for (json, place) in fields.list("pipelines")? {
            let pipeline = errors
                .item(json, &place, |json| Fields::new(json, place.as_str(), PIPELINE_KEYS).and_then(|fields| self.pipeline(&fields)));
            file.pipelines.extend(pipeline);
        }
        for (json, place) in fields.list("clients")? {
            let client =
                errors.item(json, &place, |json| Fields::new(json, place.as_str(), CLIENT_KEYS).and_then(|fields| self.client(&fields)));
            file.clients.extend(client);
        }
        for (json, place) in fields.list("deals")? {
            let deal =
                errors.item(json, &place, |json| Fields::new(json, place.as_str(), DEAL_KEYS).and_then(|fields| self.deal(&fields, &file)));
            file.deals.extend(deal);
        }
        for (json, place) in fields.list("tasks")? {
            let task =
                errors.item(json, &place, |json| Fields::new(json, place.as_str(), TASK_KEYS).and_then(|fields| self.task(&fields, &file)));
            file.tasks.extend(task);
        }
        let clients: HashSet<ClientId> = file.clients.iter().map(|entry| entry.client.id).collect();
        for (json, place) in fields.list("lists")? {
            let list = errors
                .item(json, &place, |json| Fields::new(json, place.as_str(), LIST_KEYS).and_then(|fields| self.list(&fields, &clients)));
            file.lists.extend(list);
        }
        for (json, place) in fields.list("labels")? {
            let label = errors
                .item(json, &place, |json| Fields::new(json, place.as_str(), LABEL_KEYS).and_then(|fields| self.label(&fields, &clients)));
            file.labels.extend(label);
        }
        for (json, place) in fields.list("tables")? {
            let table =
                errors.item(json, &place, |json| Fields::new(json, place.as_str(), TABLE_KEYS).and_then(|fields| self.table(&fields)));
            file.tables.extend(table);
        }
        let mut blocks: HashMap<BlockId, String> = HashMap::new();
        for (json, place) in fields.list("blocks")? {
            let block = errors
                .item(json, &place, |json| Fields::new(json, place.as_str(), BLOCK_KEYS).and_then(|fields| block(&fields, &mut blocks)));
            file.blocks.extend(block);
        }
        file.blocks.sort_unstable_by_key(|(id, _)| *id);
        for (json, place) in fields.list("events")? {
            let event = errors
                .item(json, &place, |json| Fields::new(json, place.as_str(), EVENT_KEYS).and_then(|fields| self.event(&fields, &file)));
            file.events.extend(event);
        }
        for (json, place) in fields.list("notifications")? {
            let notification = errors.item(json, &place, |json| {
                Fields::new(json, place.as_str(), NOTIFICATION_KEYS).and_then(|fields| self.notification(&fields, &file))
            });
            file.notifications.extend(notification);
        }
        errors.report()?;
        check_links(&file, &mut errors);
        set_current_deals(&mut file, &self.choices, &mut errors);
        errors.report()?;
        let highest = self.ids.keys().max().copied().unwrap_or(0);
        file.next_id = file.next_id.max(highest + 1);
        Ok(file)
    }

    fn project(&mut self, fields: &Fields<'_>) -> ParseResult<Project> {
        let id = fields.required_id("id")?;
        let name = fields.required_name("name")?;
        if let Some(zone) = fields.text("time_zone")? {
            self.zone = zone.parse().map_err(|_| fields.error("time_zone", message!("file-not-a-zone", zone = &zone)))?;
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

    fn operator(&mut self, fields: &Fields<'_>) -> ParseResult<OperatorFile> {
        let id = OperatorId(i64::try_from(self.operators.len()).unwrap_or(i64::MAX) + 1);
        let email = fields.required_name("email")?;
        if email.trim().is_empty() {
            return Err(fields.error("email", message!("file-empty-email")));
        }
        // An item that is wrong is read again.
        if self.operators.insert(key::email(&email), (id, fields.place("email"))).is_some_and(|(_, place)| place != fields.place("email")) {
            return Err(fields.error("email", message!("file-operator-twice", email = email.trim())));
        }
        let name = fields.name("name")?.unwrap_or_default();
        let status = fields.word("status", OperatorStatus::WORDS, OperatorStatus::from_word, OperatorStatus::OnShift)?;
        let details = OperatorDetails {
            description: fields.text("description")?,
            contact_email: fields.name("contact_email")?,
            phone: fields.name("phone")?,
            position: fields.name("position")?,
            custom_fields: [fields.text("custom_field1")?, fields.text("custom_field2")?, fields.text("custom_field3")?],
        };
        Ok(OperatorFile { operator: Operator { id, email, name, status }, details })
    }

    /// The operator whose email a field holds.
    fn operator_of(&self, fields: &Fields<'_>, field: &str) -> ParseResult<Option<OperatorId>> {
        match fields.text(field)? {
            None => Ok(None),
            Some(email) => self
                .operators
                .get(&key::email(&email))
                .map(|(id, _)| Some(*id))
                .ok_or_else(|| fields.error(field, self.no_operator(email.trim()))),
        }
    }

    fn no_operator(&self, email: &str) -> Message {
        match closest(&key::email(email), self.operators.keys().map(String::as_str)) {
            Some(meant) => message!("file-no-operator-meant", email = email, meant = meant),
            None => message!("file-no-operator", email = email),
        }
    }

    /// An id that nothing else in the project has.
    fn new_id<Id: From<i64>>(&mut self, fields: &Fields<'_>) -> ParseResult<Id> {
        let id: i64 = fields.required_id("id")?;
        let place = fields.place("id");
        // An item that is wrong is read again.
        if let Some(first) = self.ids.get(&id).filter(|first| **first != place) {
            let reason = message!("file-id-twice", id = id, first = first);
            return Err(ProjectFileError::new(place, reason));
        }
        self.ids.insert(id, place);
        Ok(id.into())
    }

    fn pipeline(&mut self, fields: &Fields<'_>) -> ParseResult<Pipeline> {
        let mut pipeline = Pipeline { id: self.new_id(fields)?, name: fields.required_name("name")?, stages: Vec::new() };
        for (json, place) in fields.list("stages")? {
            let stage = Fields::new(json, place, STAGE_KEYS)?;
            let stage = Stage { id: self.new_id(&stage)?, name: stage.required_name("name")? };
            self.stages.insert(stage.id, pipeline.id);
            pipeline.stages.push(stage);
        }
        Ok(pipeline)
    }

    fn client(&mut self, fields: &Fields<'_>) -> ParseResult<ClientFile> {
        let history = fields
            .list("history")?
            .map(|(json, place)| self.history_entry(&Fields::new(json, place, HISTORY_KEYS)?))
            .collect::<ParseResult<Vec<_>>>()?;
        // A file made by hand rarely says it twice.
        let asked = history.iter().rev().find(|entry| entry.direction == Direction::In).map(|entry| entry.text.clone());
        let question = if fields.has("question") { fields.text("question")? } else { asked };
        let unread = fields.int("unread")?.unwrap_or(0);
        if unread < 0 {
            return Err(fields.error("unread", message!("file-negative", number = unread)));
        }
        let id = self.new_id(fields)?;
        let current_deal = fields.id("current_deal")?;
        if fields.has("current_deal_chosen") {
            self.choices.insert(id);
        }
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
            main_client: fields.id("main_client")?,
            current_deal,
            current_deal_chosen: fields.flag("current_deal_chosen", current_deal.is_some())?,
            group: fields.name("group")?,
            paused_until: fields.time("paused_until")?,
        };
        let mut visits: Vec<Visit> = Vec::new();
        for (json, place) in fields.list("visits")? {
            let visit = self.visit(&Fields::new(json, place.as_str(), VISIT_KEYS)?)?;
            if visits.iter().any(|other| other.block == visit.block) {
                return Err(ProjectFileError::new(place, message!("file-visit-twice", block = visit.block.to_string())));
            }
            visits.push(visit);
        }
        let notes =
            fields.list("notes")?.map(|(json, place)| self.note(&Fields::new(json, place, NOTE_KEYS)?)).collect::<ParseResult<_>>()?;
        let scheduled = fields
            .list("scheduled")?
            .map(|(json, place)| self.scheduled(&Fields::new(json, place, SCHEDULED_KEYS)?))
            .collect::<ParseResult<Vec<_>>>()?;
        if i64::try_from(scheduled.len()).unwrap_or(i64::MAX) > MOST_SCHEDULED {
            return Err(fields.error("scheduled", message!("file-too-many-scheduled", most = MOST_SCHEDULED)));
        }
        let assignments = fields
            .list("assignments")?
            .map(|(json, place)| self.assignment(&Fields::new(json, place, ASSIGNMENT_KEYS)?))
            .collect::<ParseResult<_>>()?;
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

    fn visit(&self, fields: &Fields<'_>) -> ParseResult<Visit> {
        fields.required("block")?;
        let first_at = fields.time("first_at")?.or(fields.time("last_at")?).unwrap_or(self.now);
        let last_at = fields.time("last_at")?.unwrap_or(first_at);
        Ok(Visit { block: fields.block("block")?.unwrap_or(BlockId(0)), first_at, last_at })
    }

    fn note(&self, fields: &Fields<'_>) -> ParseResult<Note> {
        Ok(Note {
            text: fields.required_text("text")?,
            author: fields.name("author")?.unwrap_or_else(|| AUTHOR_BOT.to_owned()),
            at: fields.time("at")?.unwrap_or(self.now),
        })
    }

    fn scheduled(&self, fields: &Fields<'_>) -> ParseResult<Scheduled> {
        let message = Scheduled {
            block: fields.block("block")?,
            text: fields.text("text")?,
            due_at: fields.time("due_at")?.unwrap_or(self.now),
            do_not_cancel: fields.flag("do_not_cancel", false)?,
        };
        if message.block.is_none() && message.text.is_none() {
            return Err(fields.error("block", message!("file-scheduled-needs-content")));
        }
        Ok(message)
    }

    fn history_entry(&self, fields: &Fields<'_>) -> ParseResult<HistoryEntry> {
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
            message_ids: fields.name("message_ids")?,
            removed: fields.flag("removed", false)?,
        })
    }

    fn assignment(&self, fields: &Fields<'_>) -> ParseResult<Assignment> {
        fields.required("operator")?;
        Ok(Assignment {
            operator: self.operator_of(fields, "operator")?.unwrap_or(OperatorId(0)),
            at: fields.time("at")?.unwrap_or(self.now),
        })
    }

    fn deal(&mut self, fields: &Fields<'_>, file: &ProjectFile) -> ParseResult<DealFile> {
        let id = self.new_id(fields)?;
        let client = client_of(fields, file)?;
        let stage = fields.id("stage")?;
        let pipeline = match stage {
            None => None,
            Some(stage) => {
                Some(*self.stages.get(&stage).ok_or_else(|| fields.error("stage", message!("file-no-stage", stage = stage.to_string())))?)
            }
        };
        let budget = match fields.get("budget") {
            None => Number::from(0),
            Some(Json::Number(number)) => number.clone(),
            Some(json) => json.as_str().and_then(rows::budget).ok_or_else(|| {
                fields.error("budget", message!("file-expected", found = json.to_string(), expected = message!("kind-number")))
            })?,
        };
        let status = fields.word("status", DealStatus::WORDS, DealStatus::from_word, DealStatus::Active)?;
        let created_at = fields.time("created_at")?.unwrap_or(self.now);
        let closed_at = fields.time("closed_at")?;
        match closed_at {
            Some(_) if status == DealStatus::Active => return Err(fields.error("closed_at", message!("file-open-deal-closed-at"))),
            Some(closed_at) if fields.has("created_at") && closed_at < created_at => {
                return Err(fields.error("closed_at", message!("file-closed-before-created", place = fields.place("created_at"))));
            }
            _ => {}
        }
        let deal = Deal {
            id,
            client,
            name: fields.name("name")?.unwrap_or_default(),
            description: fields.text("description")?.unwrap_or_default(),
            budget,
            pipeline,
            stage,
            status,
            created_at,
            closed_at,
            operator: self.operator_of(fields, "operator")?,
        };
        Ok(DealFile { deal, variables: fields.variables("variables")? })
    }

    fn task(&mut self, fields: &Fields<'_>, file: &ProjectFile) -> ParseResult<Task> {
        let due_date = match fields.text("due_date")? {
            None => self.now.with_timezone(&self.zone).date_naive(),
            Some(text) => parse_date(text.trim()).ok_or_else(|| fields.error("due_date", message!("file-not-a-date", text = &text)))?,
        };
        let due_time = match fields.text("due_time")? {
            None => END_OF_DAY,
            Some(text) => {
                parse_time(text.trim()).ok_or_else(|| fields.error("due_time", message!("file-not-a-clock-time", text = &text)))?
            }
        };
        let done = fields.flag("done", false)?;
        let done_at = fields.time("done_at")?;
        if done_at.is_some() && !done {
            return Err(fields.error("done_at", message!("file-open-task-done-at", place = fields.place("done"))));
        }
        Ok(Task {
            id: self.new_id(fields)?,
            client: client_of(fields, file)?,
            operator: self.operator_of(fields, "operator")?,
            name: fields.required_name("name")?,
            description: fields.text("description")?.unwrap_or_default(),
            due_date,
            due_time,
            done,
            done_at,
        })
    }

    fn list(&mut self, fields: &Fields<'_>, known: &HashSet<ClientId>) -> ParseResult<ListFile> {
        let list = ClientList { id: self.new_id(fields)?, name: name_of_many(fields)? };
        Ok(ListFile { list, clients: members(fields, known)? })
    }

    fn label(&mut self, fields: &Fields<'_>, known: &HashSet<ClientId>) -> ParseResult<LabelFile> {
        let id = self.new_id(fields)?;
        let name = name_of_many(fields)?;
        let place = fields.place("name");
        if let Some(first) = self.labels.get(key::name(&name)).filter(|first| **first != place) {
            return Err(fields.error("name", message!("file-label-twice", name = key::name(&name), first = first)));
        }
        self.labels.insert(key::name(&name).to_owned(), place);
        let color = fields.int("color")?.unwrap_or(0);
        if !COLORS.contains(&color) {
            return Err(fields.error("color", message!("file-not-a-color", found = color)));
        }
        Ok(LabelFile { label: ClientLabel { id, name, color }, clients: members(fields, known)? })
    }

    fn table(&mut self, fields: &Fields<'_>) -> ParseResult<TableFile> {
        let mut columns: Vec<String> = Vec::new();
        for (json, place) in fields.list("columns")? {
            let Some(name) = json.as_str() else {
                let expected = message!("file-expected", found = json.to_string(), expected = message!("kind-text"));
                return Err(ProjectFileError::new(place, expected));
            };
            if let Some(problem) = table::column_problem(name) {
                return Err(ProjectFileError::new(place, problem));
            }
            if columns.iter().any(|column| column == name) {
                return Err(ProjectFileError::new(place, message!("file-column-twice", column = name)));
            }
            columns.push(name.to_owned());
        }
        if let Some(problem) = table::column_count_problem(columns.len()) {
            return Err(fields.error("columns", problem));
        }
        let mut records: Vec<TableRecord> = Vec::new();
        let mut places: HashMap<RecordId, String> = HashMap::new();
        for (json, place) in fields.list("records")? {
            let fields = Fields::new(json, place, RECORD_KEYS)?;
            let record = record(&fields, &columns)?;
            if let Some(first) = places.insert(record.id, fields.place("id")) {
                return Err(fields.error("id", message!("file-record-twice", id = record.id.to_string(), first = first)));
            }
            records.push(record);
        }
        records.sort_by_key(|record| record.id);
        let highest = records.last().map_or(0, |record| record.id.0);
        let next_record = fields.id("next_record")?.unwrap_or(1).max(highest + 1);
        let table = OwnTable { id: self.new_id(fields)?, name: fields.required_name("name")?, columns, next_record };
        Ok(TableFile { table, records })
    }

    fn event(&self, fields: &Fields<'_>, file: &ProjectFile) -> ParseResult<HostRequest> {
        fields.required("kind")?;
        let kind = fields.word(
            "kind",
            HostWork::EVENTS,
            |word| HostWork::EVENTS.iter().copied().find(|known| *known == word),
            HostWork::CALLBACK,
        )?;
        let client = client_of(fields, file)?;
        let work = match kind {
            HostWork::BLOCK => {
                fields.required("block")?;
                HostWork::Block { block: fields.block("block")?.unwrap_or(BlockId(0)), text: fields.text("text")? }
            }
            HostWork::REMOVE => {
                fields.required("message_ids")?;
                HostWork::Remove { message_ids: fields.name("message_ids")?.unwrap_or_default() }
            }
            _ => HostWork::Callback { text: fields.required_text("text")? },
        };
        let unused: &[&str] = match kind {
            HostWork::BLOCK => &["message_ids"],
            HostWork::REMOVE => &["text", "block"],
            _ => &["block", "message_ids"],
        };
        if let Some(key) = unused.iter().find(|key| fields.get(key).is_some()) {
            return Err(fields.error(key, message!("file-event-has-none", kind = kind, key = *key)));
        }
        Ok(HostRequest { client, work, at: fields.time("at")?.unwrap_or(self.now) })
    }

    fn notification(&self, fields: &Fields<'_>, file: &ProjectFile) -> ParseResult<HostRequest> {
        let mut operators = Vec::new();
        for (json, place) in fields.list("operators")? {
            let email = json.as_str().unwrap_or_default();
            if !self.operators.contains_key(&key::email(email)) {
                return Err(ProjectFileError::new(place, self.no_operator(email.trim())));
            }
            let is_it = |entry: &&OperatorFile| entry.operator.has_email(email);
            operators.extend(file.operators.iter().find(is_it).map(|entry| entry.operator.email.clone()));
        }
        let priority = fields.int("priority")?.unwrap_or(0);
        if !(0..=3).contains(&priority) {
            return Err(fields.error("priority", message!("file-priority", found = priority)));
        }
        let client = client_of(fields, file)?;
        let work = HostWork::Notify { text: fields.required_text("text")?, operators, priority };
        Ok(HostRequest { client, work, at: fields.time("at")?.unwrap_or(self.now) })
    }
}

/// The name of a block. Ids of blocks are the host's: they may be those of other things, but not of another block.
fn block(fields: &Fields<'_>, known: &mut HashMap<BlockId, String>) -> ParseResult<(BlockId, String)> {
    fields.required("id")?;
    let id = fields.block("id")?.unwrap_or(BlockId(0));
    let place = fields.place("id");
    if let Some(first) = known.get(&id).filter(|first| **first != place) {
        return Err(fields.error("id", message!("file-block-twice", block = id.to_string(), first = first)));
    }
    known.insert(id, place);
    Ok((id, fields.required_name("name")?))
}

/// A record of a table that has these columns.
fn record(fields: &Fields<'_>, columns: &[String]) -> ParseResult<TableRecord> {
    let id = fields.required_id("id")?;
    let place = |column: &str| format!("{}.{column}", fields.place("cells"));
    let mut cells = Map::new();
    for (column, json) in fields.object("cells")? {
        if !columns.contains(column) {
            let reason = match closest(column, columns.iter().map(String::as_str)) {
                Some(meant) => message!("file-no-column-meant", column = column, meant = meant),
                None => message!("file-no-column", column = column),
            };
            return Err(ProjectFileError::new(place(column), reason));
        }
        let value = Value::from(json);
        if let Some(problem) = table::cell_problem(column, &value) {
            return Err(ProjectFileError::new(place(column), problem));
        }
        if !value.is_none_or_empty() {
            cells.insert(column.clone(), json.clone());
        }
    }
    let values = cells.iter().map(|(column, json)| (column.as_str().into(), Value::from(json))).collect();
    match table::record_problem(&values) {
        Some(problem) => Err(fields.error("cells", problem)),
        None => Ok(TableRecord { id, cells }),
    }
}

/// The name of a list or a label, by which scripts find it.
fn name_of_many(fields: &Fields<'_>) -> ParseResult<String> {
    let name = fields.required_name("name")?;
    if key::name(&name).is_empty() { Err(fields.error("name", message!("file-empty-name"))) } else { Ok(name) }
}

/// The clients of a list or a label, ascending.
fn members(fields: &Fields<'_>, known: &HashSet<ClientId>) -> ParseResult<Vec<ClientId>> {
    let mut members = Vec::new();
    let mut seen = HashSet::new();
    for (json, place) in fields.list("clients")? {
        let Some(client) = json.as_i64().map(ClientId) else {
            let reason = message!("file-expected", found = format!("`{json}`"), expected = message!("kind-whole"));
            return Err(ProjectFileError::new(place, reason));
        };
        if !known.contains(&client) {
            return Err(ProjectFileError::new(place, message!("file-no-client", client = client.to_string())));
        }
        if !seen.insert(client) {
            return Err(ProjectFileError::new(place, message!("file-client-twice", client = client.to_string())));
        }
        members.push(client);
    }
    members.sort_unstable();
    Ok(members)
}

fn distribution(fields: &Fields<'_>) -> ParseResult<Distribution> {
    let hours_expected = || message!("file-hours");
    let hours = match fields.get("hours") {
        None => Hours::Always,
        Some(Json::String(word)) if word == "always" => Hours::Always,
        Some(Json::Array(pair)) => {
            let minute = |index: usize| pair.get(index).and_then(Json::as_str).and_then(|text| parse_time(text.trim()));
            match (pair.len(), minute(0), minute(1)) {
                (2, Some(from), Some(to)) if from != to => Hours::Between(from, to),
                _ => return Err(fields.error("hours", hours_expected())),
            }
        }
        Some(_) => return Err(fields.error("hours", hours_expected())),
    };
    let mut days_off = Weekdays::default();
    for (json, place) in fields.list("days_off")? {
        match json.as_u64().and_then(|day| u8::try_from(day).ok()) {
            Some(day @ 1..=7) => days_off.insert(day),
            _ => {
                return Err(ProjectFileError::new(place, message!("file-not-a-day", found = json.to_string())));
            }
        }
    }
    let window = match fields.get("window") {
        None => Window::Day,
        Some(Json::String(word)) if word == "day" => Window::Day,
        Some(json) => match json.as_i64() {
            Some(minutes) if minutes > 0 => Window::Minutes(minutes),
            _ => return Err(fields.error("window", message!("file-window"))),
        },
    };
    Ok(Distribution { enabled: fields.flag("enabled", false)?, hours, days_off, window })
}

/// The client a deal or task belongs to.
fn client_of(fields: &Fields<'_>, file: &ProjectFile) -> ParseResult<ClientId> {
    let client = fields.required_id("client")?;
    if file.clients.iter().any(|entry| entry.client.id == client) {
        return Ok(client);
    }
    Err(fields.error("client", message!("file-no-client", client = client.to_string())))
}

/// Whether a variable can be written as `project.name`.
fn is_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit()) && name.chars().all(|character| character.is_alphanumeric() || character == '_')
}
