//! What `SQLite`'s planner must know about the tables before they are filled: how many rows share a key's beginning.
//! Without it a project counts as ten rows and a walk through all its deals seems as good as an index.

use rusqlite::Connection;

use super::super::StoreError;
use super::connection::{begin, execute, failure, patiently};
use super::queue::Patience;
use crate::wording::message;

/// Table, index (the table again for its primary key), rows in all, then rows per value of the first column, of the first two …
///
/// The shape of a busy database: ten projects of 100,000 clients. `ANALYZE` or `PRAGMA optimize` may replace it by the truth.
const STATISTICS: &[(&str, &str, &str)] = &[
    ("calc_project", "calc_project", "10 1"),
    ("calc_project_variable", "calc_project_variable", "10000 1000 1"),
    ("calc_operator", "calc_operator", "1000 100 1"),
    ("calc_operator", "calc_operator_by_email", "1000 100 1"),
    ("calc_operator", "calc_operator_by_status", "1000 100 30"),
    ("calc_pipeline", "calc_pipeline", "200 20 1"),
    ("calc_pipeline", "calc_pipeline_by_position", "200 20 1 1"),
    ("calc_stage", "calc_stage", "1000 100 1"),
    ("calc_stage", "calc_stage_by_pipeline", "1000 100 5 1"),
    ("calc_client", "calc_client", "1000000 100000 1"),
    ("calc_client", "calc_client_by_phone", "1000000 100000 1"),
    ("calc_client", "calc_client_by_email", "1000000 100000 1"),
    ("calc_client", "calc_client_by_main", "100000 10000 3"),
    ("calc_client", "calc_client_queued", "1000 100 10 1"),
    ("calc_client_variable", "calc_client_variable", "10000000 1000000 10 1"),
    ("calc_draft_variable", "calc_draft_variable", "1000000 100000 10 1"),
    ("calc_deal", "calc_deal", "3000000 300000 1"),
    ("calc_deal", "calc_deal_by_client", "3000000 300000 3 2 1 1"),
    ("calc_deal", "calc_deal_by_stage", "2000000 200000 10000 5000"),
    ("calc_deal_variable", "calc_deal_variable", "30000000 3000000 10 1"),
    ("calc_deal_variable", "calc_deal_variable_by_value", "30000000 3000000 30 3 1"),
    ("calc_task", "calc_task", "1000000 100000 1"),
    ("calc_task", "calc_task_by_client", "1000000 100000 3"),
    ("calc_note", "calc_note", "1000000 100000 3 1"),
    ("calc_history", "calc_history", "30000000 3000000 30 1"),
    ("calc_visit", "calc_visit", "10000000 1000000 10 1"),
    ("calc_history", "calc_pending", "10000 1000 1 1"),
    ("calc_outgoing", "calc_outgoing", "10000 1000 1"),
    ("calc_outgoing", "calc_outgoing_due", "10000 1000 1 1"),
    ("calc_inbox", "calc_inbox", "10000 1000 2 1"),
    ("calc_incoming", "calc_incoming", "10000 1000 1"),
    ("calc_incoming", "calc_incoming_due", "10000 1000 1 1"),
    ("calc_scheduled", "calc_scheduled", "3000000 300000 3 1"),
    ("calc_scheduled", "calc_scheduled_due", "3000000 300000 1 1 1"),
    ("calc_assignment", "calc_assignment", "2000000 200000 2 1"),
    ("calc_assignment", "calc_assignment_by_operator", "2000000 200000 2000 1"),
    ("calc_client", "calc_client_by_platform", "1000000 100000 1 1 1"),
    ("calc_list", "calc_list", "1000 100 1"),
    ("calc_list", "calc_list_by_name", "1000 100 1 1"),
    ("calc_list_client", "calc_list_client", "3000000 300000 3000 1"),
    ("calc_list_client", "calc_lists_of_client", "3000000 300000 3 1"),
    ("calc_label", "calc_label", "1000 100 1"),
    ("calc_label", "calc_label_by_name", "1000 100 1"),
    ("calc_label_client", "calc_label_client", "3000000 300000 3000 1"),
    ("calc_label_client", "calc_labels_of_client", "3000000 300000 3 1"),
    ("calc_table", "calc_table", "100 10 1"),
    ("calc_column", "calc_column", "1000 100 10 1"),
    ("calc_record", "calc_record", "1000000 100000 10000 1"),
    ("calc_block", "calc_block", "1000 100 1"),
    ("calc_request", "calc_request", "10000 1000 10 1"),
    ("calc_request", "calc_request_in_order", "10000 1000 1 1"),
    ("calc_request", "calc_request_of_target", "10000 1000 10"),
    ("calc_request", "calc_request_claimed", "10000 1000 20 10"),
    ("calc_event", "sqlite_autoindex_calc_event_1", "30000000 3000000 30 1"),
];

/// Whether the database holds statistics already.
pub(super) fn are_there(connection: &Connection, patience: Patience) -> Result<bool, StoreError> {
    patiently(patience, || knows(connection)).map_err(failed)
}

#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: rusqlite::Error) -> StoreError {
    failure(message!("preparing-tables"), &error)
}

/// Tells the planner what there will be, unless it knows better.
pub(super) fn provide(connection: &Connection, patience: Patience) -> Result<(), StoreError> {
    begin(connection, patience)?;
    // Whoever was first has done it.
    if knows(connection).map_err(failed)? {
        return execute(connection, "ROLLBACK");
    }
    // Makes the table that holds statistics; the tables themselves are small or new.
    connection.execute_batch("ANALYZE calc_schema").map_err(failed)?;
    for (table, index, numbers) in STATISTICS {
        connection
            .execute(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT ?1, ?2, ?3 \
                 WHERE NOT EXISTS (SELECT tbl FROM sqlite_stat1 WHERE tbl = ?1 AND idx = ?2)",
                [table, index, numbers],
            )
            .map_err(failed)?;
    }
    execute(connection, "COMMIT")?;
    // Statistics are read when a database is opened, or on this request.
    patiently(patience, || connection.execute_batch("ANALYZE sqlite_schema")).map_err(failed)
}

fn knows(connection: &Connection) -> rusqlite::Result<bool> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    Ok(count("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'")? > 0
        && count("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'calc_deal'")? > 0
        // A table that came later: an older file knows the others only.
        && count("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'calc_list_client'")? > 0)
}
