//! Tables for people: as wide as the terminal, with nothing in them that commands it.

use calc::diagnostic::visible::visible;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value as Json;

/// A table with a header; it is as wide as its contents where no terminal says how wide it may be.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    if !header.is_empty() {
        table.set_header(header.iter().copied());
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
        Json::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        other => visible(&calc::value::text_form(other)).into_owned(),
    }
}

/// A time as the project's clocks show it.
pub fn local(time: DateTime<Utc>, zone: Tz) -> String {
    time.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}
