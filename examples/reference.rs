//! Writes docs/reference/ from the declarations of the functions. With `--check` it changes nothing and says which
//! file is not what it should be.

use std::path::Path;
use std::process::ExitCode;

use calc::engine::Engine;
use calc::reference;

fn main() -> ExitCode {
    let only_checks = std::env::args().skip(1).any(|argument| argument == "--check");
    match write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference"), only_checks) {
        Ok(old) if only_checks && !old.is_empty() => {
            for name in old {
                eprintln!("docs/reference/{name} is old: run `cargo run --example reference`");
            }
            ExitCode::FAILURE
        }
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the files, or only compares them; gives the names of those that differ.
fn write(folder: &Path, only_checks: bool) -> std::io::Result<Vec<String>> {
    let engine = Engine::new();
    let mut files = reference::pages(engine.registry());
    let json = serde_json::to_string_pretty(&reference::json(engine.registry())).map_err(std::io::Error::other)?;
    files.push(("builtins.json".to_owned(), json + "\n"));
    let mut old = Vec::new();
    if !only_checks {
        std::fs::create_dir_all(folder)?;
    }
    for (name, text) in &files {
        let path = folder.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|written| written == *text) {
            continue;
        }
        old.push(name.clone());
        if !only_checks {
            std::fs::write(&path, text)?;
        }
    }
    // A file of a group that is no more.
    for entry in folder.read_dir().into_iter().flatten() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !files.iter().any(|(known, _)| *known == name) {
            if !only_checks {
                std::fs::remove_file(entry.path())?;
            }
            old.push(name);
        }
    }
    Ok(old)
}
