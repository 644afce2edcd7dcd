//! When the pages in the log of a file go into the file itself: as soon as there are many, but not again and again while
//! a reader needs the file as it was.

use std::ffi::c_int;

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use super::log_file;

/// As many pages are many.
const MANY: c_int = 4_000;

/// Looks after the log from now on, after each commit of the connection.
pub(super) fn look_after(connection: &mut Connection) -> rusqlite::Result<()> {
    let mut next = MANY;
    connection.wal_hook(Some(move |log: &mut Wal, pages: c_int| {
        if pages < MANY {
            // It has begun anew.
            next = MANY;
        } else if pages >= next {
            // What cannot go into the file now goes with a later one; the commit stands in any case. Readers let the log
            // begin anew only when none of them needs it, so it gets twice as long before that is tried again.
            let _ = log_file::flushing(|| log.checkpoint_v2(CheckpointMode::PASSIVE));
            next = pages.saturating_mul(2);
        }
        Ok(())
    }))
}
