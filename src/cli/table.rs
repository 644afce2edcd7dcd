//! Tables for people: as wide as the terminal, with nothing in them that commands it.

use calc::diagnostic::visible::visible;
use calc::wording::message;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value as Json;

use crate::language::say;

/// A table with a header, named by the keys of the columns; it is as wide as its contents where no terminal says how wide it may be.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    if !header.is_empty() {
        table.set_header(header.iter().map(|column| title(column)));
    }
    if let Some(width) = width() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

fn width() -> Option<u16> {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    asked.filter(|width| *width >= 20).or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0))
}

/// A value in a cell, in one line.
pub fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(flag) => say(&if *flag { message!("word-yes") } else { message!("word-no") }),
        other => visible(&calc::value::text_form(other)).into_owned(),
    }
}

/// A time as the project's clocks show it.
pub fn local(time: DateTime<Utc>, zone: Tz) -> String {
    time.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The words for a key of the data, at the head of a column or a line.
pub fn title(key: &str) -> String {
    say(&match key {
        "id" => message!("column-id"),
        "name" => message!("column-name"),
        "phone" => message!("column-phone"),
        "email" => message!("column-email"),
        "operator" => message!("column-operator"),
        "current_deal" => message!("column-current-deal"),
        "last_message_at" => message!("column-last-message-at"),
        "client" => message!("column-client"),
        "budget" => message!("column-budget"),
        "status" => message!("column-status"),
        "stage" => message!("column-stage"),
        "stage_name" => message!("column-stage-name"),
        "created_at" => message!("column-created-at"),
        "due" => message!("column-due"),
        "done" => message!("column-done"),
        "pipeline" => message!("column-pipeline"),
        "number" => message!("column-number"),
        "written" => message!("column-written"),
        "block" => message!("column-block"),
        "text" => message!("column-text"),
        "do_not_cancel" => message!("column-do-not-cancel"),
        "event" => message!("column-event"),
        "at" => message!("column-at"),
        "author" => message!("column-author"),
        "note" => message!("column-note"),
        "first_at" => message!("column-first-at"),
        "last_at" => message!("column-last-at"),
        "value" => message!("column-value"),
        "deal" => message!("column-deal"),
        "task" => message!("column-task"),
        "description" => message!("column-description"),
        "state" => message!("column-state"),
        "platform_id" => message!("column-platform-id"),
        "client_type" => message!("column-client-type"),
        "tag" => message!("column-tag"),
        "unread" => message!("column-unread"),
        "queued" => message!("column-queued"),
        "queued_until" => message!("column-queued-until"),
        "blocked" => message!("column-blocked"),
        "unsubscribed" => message!("column-unsubscribed"),
        "main_client" => message!("column-main-client"),
        "position" => message!("column-position"),
        "avatar" => message!("column-avatar"),
        "messenger" => message!("column-messenger"),
        "group" => message!("column-group"),
        "script" => message!("column-script"),
        "lines" => message!("column-lines"),
        "branches" => message!("column-branches"),
        "lines_not_run" => message!("column-lines-not-run"),
        "branches_not_taken" => message!("column-branches-not-taken"),
        "callback" => message!("column-callback"),
        "kind" => message!("column-kind"),
        "paused_until" => message!("column-paused-until"),
        "message_ids" => message!("column-message-ids"),
        "operators" => message!("column-operators"),
        other => message!("column-of-name", name = other.replace('_', " ")),
    })
}
