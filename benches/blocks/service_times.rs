//! What a block takes of each part, for the model of docs/scaling.md: processor time of this process and of the server's,
//! read from `/proc`, and one flush of the disk. Says nothing where there is no `/proc`.

use std::fs::{self, File};
use std::io::Write;
use std::time::{Duration, Instant};

/// Processor time that this process has used.
pub fn of_this_process() -> Option<Duration> {
    used("self")
}

/// Processor time that all processes of servers have used.
pub fn of_servers() -> Option<Duration> {
    let mut sum = Duration::ZERO;
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let process = entry.file_name().to_string_lossy().into_owned();
        if fs::read_to_string(entry.path().join("comm")).is_ok_and(|name| name.trim() == "postgres") {
            sum += used(&process).unwrap_or_default();
        }
    }
    Some(sum)
}

/// User and system time, in the hundredths of a second in which Linux gives them.
fn used(process: &str) -> Option<Duration> {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program, in brackets, may have spaces.
    let mut fields = line.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks()? + ticks()?)))
}

/// The median of 200 flushes of a file that grows.
pub fn of_a_flush() -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = File::create(folder.path().join("log")).expect("a file");
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[0; 4_096]).expect("writes");
            let begun = Instant::now();
            file.sync_data().expect("flushes");
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[100]
}
