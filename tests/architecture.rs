//! docs/architecture.md says which folder may use which, and what appears in one place only; this holds the code to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files under a folder, with their paths from the root of the repository.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a file in UTF-8");
                let name = path.strip_prefix(root()).expect("a path of the repository").to_string_lossy().replace('\\', "/");
                found.push((name, code(&text)));
            }
        }
    }
    found.sort();
    found
}

/// The text without lines that are comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect()
}

/// What the table allows: folder, then the folders it may use.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).expect("the page");
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
        let folder = cells.next()?.strip_suffix("/`")?;
        let uses = cells.next()?.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Some((folder.to_owned(), uses))
    });
    rows.collect()
}

/// The modules of the crate that a text names after `crate::`.
fn modules_used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, found) in text.match_indices("crate::") {
        let rest = &text[at + found.len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => top_level(list),
            None => vec![rest],
        };
        for name in names {
            let end = name.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(name.len());
            // Macros live at the root of the crate; all but one are of `function`.
            let module = match &name[..end] {
                "__message" => "wording",
                "builtins" => "function",
                name if name.starts_with("__") => "function",
                name => name,
            };
            if end > 0 {
                used.insert(module.to_owned());
            }
        }
    }
    used
}

/// The parts of `a::b, c::{d, e}}` up to the bracket that closes the list.
fn top_level(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(list[from..at].trim());
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn uses_point_one_way() {
    let allowed = allowed();
    let mut problems = Vec::new();
    let folders: BTreeSet<String> = root()
        .join("src")
        .read_dir()
        .expect("src")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = allowed.keys().cloned().collect();
    assert_eq!(folders, listed, "the table of docs/architecture.md has every folder of src/");
    for (folder, may_use) in allowed.iter().filter(|(folder, _)| *folder != "cli") {
        for (name, text) in sources(&root().join("src").join(folder)) {
            for used in modules_used(&text) {
                if used != *folder && !may_use.contains(&used) {
                    problems.push(format!("{name} uses `{used}`, and `{folder}` may use only {may_use:?}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The order of the table is one in which nothing comes before what it uses.
#[test]
fn the_table_has_no_circle() {
    let allowed = allowed();
    let mut known: BTreeSet<String> = BTreeSet::new();
    while known.len() < allowed.len() {
        let next: Vec<String> = allowed
            .iter()
            .filter(|(folder, uses)| !known.contains(*folder) && uses.is_subset(&known))
            .map(|(folder, _)| folder.clone())
            .collect();
        assert!(!next.is_empty(), "a circle among {:?}", allowed.keys().filter(|folder| !known.contains(*folder)).collect::<Vec<_>>());
        known.extend(next);
    }
}

#[test]
fn some_things_appear_in_one_place_only() {
    let only: &[(&[&str], &[&str])] = &[
        (&["lalrpop_util"], &["src/syntax/mod.rs"]),
        (&["ariadne"], &["src/diagnostic/render.rs"]),
        (&["fluent_bundle"], &["src/wording/catalogue.rs"]),
        (&["rusqlite"], &["src/store/sqlite/"]),
        (&["rustix"], &["src/store/sqlite/database.rs"]),
        (&["r2d2", "rustls", "tokio_postgres"], &["src/store/postgres/"]),
        (&["clap", "comfy_table", "rustyline", "ctrlc"], &["src/cli/"]),
        (&["std::fs"], &["src/cli/", "src/store/sqlite/database.rs"]),
        (
            &["println!", "eprintln!", "print!(", "eprint!(", "dbg!", "std::env", "std::process", "stdin()", "stdout()", "stderr()"],
            &["src/cli/"],
        ),
        (&["SystemTime::now", "Utc::now", "Local::now"], &["src/cli/"]),
        (
            &["unsafe {", "unsafe impl", "unsafe fn", "unsafe extern", "allow(unsafe_code"],
            &["src/value/text.rs", "src/store/sqlite/log_file.rs"],
        ),
    ];
    let mut problems = Vec::new();
    for (name, text) in sources(&root().join("src")) {
        for (words, places) in only {
            for word in words.iter().filter(|word| text.contains(**word)) {
                if !places.iter().any(|place| name.starts_with(place)) {
                    problems.push(format!("{name} has `{word}`, which belongs into {}", places.join(" or ")));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_command_sees_the_public_face_only() {
    let own: BTreeSet<String> = sources(&root().join("src/cli"))
        .iter()
        .filter_map(|(name, _)| Some(name.strip_prefix("src/cli/")?.split(['/', '.']).next()?.to_owned()))
        .collect();
    for (name, text) in sources(&root().join("src/cli")) {
        assert!(!text.contains("#[path"), "{name} takes in a file of the library");
        for used in modules_used(&text) {
            assert!(own.contains(&used), "{name} uses `crate::{used}`");
        }
    }
}

/// The names of the types that a text declares outside of functions and traits.
fn declared_types(text: &str) -> Vec<&str> {
    let words = ["struct ", "enum ", "trait ", "type ", "union "];
    let of_line = |line| -> Option<&str> {
        let line: &str = line;
        let line = match line.strip_prefix("pub") {
            Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
            Some(rest) => rest.trim_start(),
            None => line,
        };
        let rest = words.iter().find_map(|word| line.strip_prefix(word))?;
        rest.split(|character: char| !character.is_alphanumeric()).next()
    };
    text.lines().filter_map(of_line).collect()
}

#[test]
fn a_type_name_means_one_thing() {
    // The same thing, as it is written and as it runs.
    let twice = ["Clause", "Comprehension", "Expr", "For", "Function", "Stmt"];
    // Each command has its own, named by its module.
    let by_module = ["Arguments"];
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in sources(&root().join("src")) {
        for found in declared_types(&text) {
            declared.entry(found.to_owned()).or_default().push(name.clone());
        }
    }
    assert!(declared.len() > 400, "the types are found");
    let problems: Vec<String> = declared
        .iter()
        .filter(|(found, files)| {
            let in_both = **files == ["src/program/mod.rs", "src/syntax/ast.rs"] && twice.contains(&found.as_str());
            files.len() > 1 && !in_both && !by_module.contains(&found.as_str())
        })
        .map(|(found, files)| format!("`{found}` is declared in {}", files.join(", ")))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
