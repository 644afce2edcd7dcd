//! What makes the command pleasant: defaults from a file, completions, manual pages, documentation, near misses.

use super::{Place, SHOP};

#[test]
fn settings_are_found_upwards_and_give_way() {
    let place = Place::new();
    place.file("shop.json", SHOP).file("other.json", SHOP.replace("Ann", "Zoe"));
    for (file, db) in [("shop.json", "shop.db"), ("other.json", "other.db")] {
        place.run(&["crm", "load", file, "--db", db]).ends(0);
    }
    std::fs::create_dir(place.path().join("scripts")).expect("a folder");
    place
        .file("calc.toml", "db = 'sqlite://shop.db'\nclient = 101\ndialect = 'mavibot'\n[lint]\nignore = ['W09']\n[host]\ncommand = 'x'\n");
    place.file("scripts/a.calc", "x = name\ny = some words\n");
    let run = |arguments: &[&str], folder: &str, env: Option<&str>| {
        let mut command = place.command(arguments);
        command.current_dir(place.path().join(folder));
        if let Some(url) = env {
            command.env("CALC_DB", url);
        }
        super::finish(&mut command, "").ends(0).stdout
    };
    let other = format!("sqlite://{}", place.path().join("other.db").display());
    assert_eq!(run(&["eval", "name"], ".", None).lines().last(), Some("Ann"));
    assert_eq!(run(&["eval", "name"], "scripts", None).lines().last(), Some("Ann"));
    assert_eq!(run(&["eval", "name"], "scripts", Some(&other)).lines().last(), Some("Zoe"));
    assert_eq!(run(&["eval", "name", "--db", &other], "scripts", None).lines().last(), Some("Zoe"));
    // The dialect is that of the file, and an option wins over it.
    run(&["run", "a.calc"], "scripts", None);
    place.run(&["run", "scripts/a.calc", "--dialect", "strict"]).ends(1);
    // A file is loaded as the project it says.
    place.file("calc.toml", "db = 'shop.db'\nproject = 7\n");
    place.run(&["crm", "load", "shop.json", "--replace"]).ends(0);
    place.run(&["crm", "dump", "--project", "1"]).ends(0);
    place.run(&["crm", "dump"]).ends(2);
}

#[test]
fn lints_of_the_settings_file_hold_unless_an_option_says_otherwise() {
    let place = Place::new();
    // W0602: a comparison as a statement; W0901: set and never read, or the like.
    place.file("a.calc", "x = 1\nx == 2\ny = x\n");
    let codes = |arguments: &[&str], exit: i32| {
        let text = place.run(&[&["check", "a.calc", "--format", "concise"], arguments].concat()).ends(exit).stdout;
        text.lines().filter_map(|line| line.split(' ').nth(1).map(str::to_owned)).collect::<Vec<_>>()
    };
    let all = codes(&[], 0);
    assert!(all.len() == 1, "{all:?}");
    let code = all[0].as_str();
    let part = &code[..3];
    for (lint, arguments, found, exit) in [
        (format!("ignore = ['{code}']"), &[][..], false, 0),
        (format!("ignore = ['{part}']"), &["--ignore", "W09"], true, 0),
        ("select = ['W09']".to_owned(), &[], false, 0),
        ("select = ['W09']".to_owned(), &["--select", part], true, 0),
        (format!("deny = ['{part}']"), &[], true, 1),
        (format!("deny = ['{part}']"), &["--deny", "W09"], true, 0),
        (format!("deny = ['{part}']\nignore = ['{code}']"), &[], false, 0),
        (String::new(), &["--deny", code], true, 1),
        (String::new(), &["--deny-warnings"], true, 1),
    ] {
        place.file("calc.toml", format!("[lint]\n{lint}\n"));
        assert_eq!(!codes(arguments, exit).is_empty(), found, "{lint} {arguments:?}");
    }
    place.run(&["check", "a.calc", "--deny", "X1"]).ends(2);
    // Errors are never left out.
    place.file("calc.toml", "[lint]\nselect = ['W09']\nignore = ['E']\n").file("a.calc", "x = (\n");
    place.run(&["check", "a.calc"]).ends(1);
}

#[test]
fn what_is_named_wins_over_the_settings_file() {
    let place = Place::new();
    for name in ["Ann", "Zoe", "Kim"] {
        let project = format!(
            r#"{{"project": {{"id": 1, "name": "Shop"}}, "clients": [{{"id": 101, "name": "{name}"}}, {{"id": 102, "name": "{name} B"}}]}}"#
        );
        place.file(&format!("{name}.json"), &project);
        place.run(&["crm", "load", &format!("{name}.json"), "--db", &format!("sqlite://{name}.db")]).ends(0);
    }
    let name = |arguments: &[&str], env: Option<(&str, &str)>| {
        let mut command = place.command(&[&["eval", "-q", "name"], arguments].concat());
        command.envs(env);
        super::finish(&mut command, "").ends(0).stdout.trim().to_owned()
    };
    place.file("calc.toml", "fixture = 'Ann.json'\nclient = 102\nlang = 'ru'\n");
    assert_eq!(name(&[], None), "Ann B");
    assert_eq!(name(&["--client", "101"], None), "Ann");
    assert_eq!(name(&["--fixture", "Zoe.json"], None), "Zoe B");
    // A database that is named, by an option or the environment, is the one to work on.
    assert_eq!(name(&["--db", "sqlite://Kim.db"], None), "Kim B");
    assert_eq!(name(&[], Some(("CALC_DB", "sqlite://Kim.db"))), "Kim B");
    assert_eq!(name(&["--fixture", "Zoe.json"], Some(("CALC_DB", "sqlite://Kim.db"))), "Zoe B");
    assert_eq!(name(&["--db", "sqlite://Kim.db"], Some(("CALC_DB", "sqlite://Zoe.db"))), "Kim B");
    let help = |arguments: &[&str], env: Option<(&str, &str)>| {
        let mut command = place.command(&[&["eval", "x = (("], arguments].concat());
        command.env_remove("CALC_LANG").env("LC_ALL", "C").envs(env);
        super::finish(&mut command, "").ends(1).stderr
    };
    let is_russian = |text: &str| text.contains("скобк");
    assert!(is_russian(&help(&[], None)), "{}", help(&[], None));
    assert!(!is_russian(&help(&[], Some(("CALC_LANG", "en")))) && !is_russian(&help(&["--lang", "en"], None)));
    // Tests begin with the project of the file too, but never with its database.
    place.file("a.test.calc", "expect(name == 'Ann B')\n");
    place.run(&["test", "."]).ends(0);
    place.file("calc.toml", "db = 'Ann.db'\n").file("a.test.calc", "expect(name == 'Ann Miller')\n");
    place.run(&["test", "."]).ends(0);
}

#[test]
fn wrong_settings_say_where() {
    let place = Place::new();
    for (text, at, part) in [
        ("db = 'x'\nclent = 5\n", "calc.toml:2:1", "did you mean `client`"),
        ("client = 'five'\n", "calc.toml:1:10", "a whole number is expected"),
        ("db = \n", "calc.toml:1:", ""),
        ("[lint]\nslect = []\n", "calc.toml:2:1", "did you mean `select`"),
        ("[lint]\nignore = ['W09', 'X']\n", "calc.toml:2:18", "begins with `X`"),
        ("[lint]\ndeny = 'W09'\n", "calc.toml:2:8", "a list is expected"),
        ("[lnt]\n", "calc.toml:1:2", "did you mean `lint`"),
        ("[host]\ncomand = 'bot'\n", "calc.toml:2:1", "did you mean `command`"),
        ("[host]\ncommand = ['bot', 1]\n", "calc.toml:2:11", "expected a command"),
        ("dialect = 'strikt'\n", "calc.toml:1:11", "did you mean `strict`"),
        ("lang = 'de'\n", "calc.toml:1:8", "expected en or ru"),
        ("db = 'a.db'\ndb = 'b.db'\n", "calc.toml:2:1", "there twice"),
    ] {
        let output = place.file("calc.toml", text).run(&["eval", "1"]).ends(2).stderr;
        assert!(output.contains(at) && output.contains(part), "{text}: {output}");
    }
    let russian = place.file("calc.toml", "dialct = 'strict'\n").run(&["eval", "1", "--lang", "ru"]).ends(2).stderr;
    assert!(russian.contains("ключа `dialct` нет") && russian.contains("`dialect`"), "{russian}");
}

#[test]
fn a_diagnostic_is_found_by_its_number() {
    for code in ["E0403", "e403", "403"] {
        let page = Place::new().run(&["explain", code]).ends(0).stdout;
        assert!(page.starts_with("# E0403"), "{page}");
    }
}

#[test]
fn completions_and_manual_pages_have_every_command() {
    let place = Place::new();
    let help = place.run(&["--help"]).ends(0).stdout;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 10, "{help}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = place.run(&["completions", shell]).ends(0).stdout;
        for part in commands.iter().chain(&["--color", "--db"]) {
            let part = if shell == "fish" { part.trim_start_matches('-') } else { part };
            assert!(script.contains(part), "{shell}: {part}");
        }
    }
    place.run(&["completions", "tcl"]).ends(2);
    for command in commands.iter().filter(|command| **command != "help") {
        let page = place.run(&["man", command]).ends(0).stdout;
        assert!(page.contains(".TH") && page.contains("OPTIONS"), "{command}: {page}");
    }
    assert!(place.run(&["man", "crm", "load"]).ends(0).stdout.contains("replace"));
    place.run(&["man", "nonsense"]).ends(2);
}

#[test]
fn documentation_comes_in_the_language_of_the_reader() {
    let place = Place::new();
    let russian = |arguments: &[&str]| place.run(&[arguments, &["--lang", "ru"]].concat()).ends(0).stdout;
    let page = russian(&["doc", "create_order"]);
    for part in ["Создаёт сделку", "Аргументы", "текст: название сделки", "deal = create_order(", "Результат: "]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.lines().skip(1).all(|line| line.chars().count() <= 130), "{page}");
    assert!(russian(&["doc", "while"]).contains("пока условие истинно"));
    assert!(russian(&["doc", "next_day"]).contains("завтрашняя дата"));
    assert!(russian(&["doc"]).contains("встроенные переменные"));
    // A word of either language finds a function.
    for word in ["телефона", "phone number"] {
        assert!(russian(&["doc", "--search", word]).contains("normalizePhone(s)\n    Цифры номера телефона"), "{word}");
    }
    assert!(place.run(&["doc", "rouund", "--lang", "ru"]).ends(2).stderr.contains("возможно, имелась в виду `round`"));
    let typed = place.pipe(&["repl", "--lang", "ru"], ":doc upper\n:explain 403\n").ends(0).stdout;
    assert!(typed.contains("Текст заглавными буквами.") && typed.contains("Сначала проверьте делитель."), "{typed}");
    assert!(russian(&["explain", "403"]).starts_with("# E0403: деление на ноль\n"));
    assert!(russian(&["explain"]).contains("E0403  деление на ноль\n"));
}

#[test]
fn help_comes_in_the_language_of_the_reader() {
    let place = Place::new();
    for arguments in [["--help", "--lang", "ru"], ["--lang=ru", "run", "-h"], ["crm", "--help", "--lang=ru"]] {
        let help = place.run(&arguments).ends(0).stdout;
        assert!(help.contains("Язык сообщений") && help.contains("Параметры:"), "{help}");
    }
    let help = place.run(&["help", "doc", "--lang", "ru"]).stdout + &place.run(&["doc", "-h", "--lang", "ru"]).ends(0).stdout;
    assert!(help.contains("Показать документацию функций"), "{help}");
    assert!(place.run(&["run", "--help"]).ends(0).stdout.contains("When to use colors"));
}

#[test]
fn everything_of_the_language_is_documented() {
    let place = Place::new();
    for name in [
        "if",
        "elif",
        "for",
        "in",
        "while",
        "def",
        "return",
        "del",
        "and",
        "&&",
        "not",
        "!",
        "None",
        "True",
        "==",
        "<=",
        "+",
        "-",
        "**",
        "//",
        "+=",
        "#{}",
        "[]",
        "#",
        "client_id",
        "round",
    ] {
        let page = place.run(&["doc", name]).ends(0).stdout;
        assert!(page.lines().count() >= 3, "{name}: {page}");
    }
    assert!(place.run(&["doc", "whil"]).ends(2).stderr.contains("`while`"));
    let page = place.run(&["explain", "E0403"]).ends(0).stdout;
    for text in ["e0403", "0403", "403"] {
        assert_eq!(place.run(&["explain", text]).ends(0).stdout, page, "{text}");
    }
    let codes = place.run(&["explain"]).ends(0).stdout;
    let mut numbers: Vec<&str> = codes.lines().map(|line| &line[1..5]).collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "a number names one code");
}

#[test]
fn near_misses_of_commands_and_options() {
    let place = Place::new();
    for (arguments, meant) in [
        (&["chekc", "a.calc"][..], "check"),
        (&["crm", "lsit"], "list"),
        (&["run", "a.calc", "--cliient", "5"], "--client"),
        (&["crm", "list", "deels"], "deals"),
    ] {
        let output = place.run(arguments).ends(2).stderr;
        assert!(output.contains(meant), "{arguments:?}: {output}");
    }
}

#[test]
fn the_version_names_what_is_built_in() {
    let version = Place::new().run(&["--version"]).ends(0).stdout;
    for part in ["calc ", "time zones IANA 20", "SQLite 3.", "database schema "] {
        assert!(version.contains(part), "{part}: {version}");
    }
}

#[test]
fn a_fixture_is_a_copy_that_is_thrown_away() {
    let place = Place::new();
    place.file("shop.json", SHOP).file("work.calc", "create_order('Pot', 5)\nx = 1");
    let before = place.files();
    let output = place.run(&["run", "work.calc", "--fixture", "shop.json"]).ends(0);
    assert!(output.stdout.contains("client 101 Ann") && output.stdout.contains("Pot"), "{}", output.stdout);
    assert!(!output.stderr.contains("--db"), "{}", output.stderr);
    assert_eq!(place.run(&["eval", "name", "--fixture", "shop.json"]).ends(0).stdout.lines().last(), Some("Ann"));
    assert!(place.run(&["crm", "show", "--fixture", "shop.json"]).ends(0).stdout.contains("Kettle"));
    assert!(place.run(&["crm", "list", "deals", "--fixture", "shop.json"]).ends(0).stdout.contains("Kettle"));
    assert_eq!(place.files(), before);
    place.run(&["eval", "1", "--fixture", "absent.json"]).ends(2);
    place.run(&["eval", "1", "--fixture", "work.calc"]).ends(2);
}

/// The commands that a page of help lists.
fn commands_of(help: &str) -> Vec<String> {
    let rest = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = rest.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// `BLESS=1 cargo test --test cli manual_pages_and_completions` writes them again.
#[test]
fn manual_pages_and_completions_of_the_docs_folder_are_those_of_the_command() {
    let place = Place::new();
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut files = Vec::new();
    for (shell, name) in
        [("bash", "calc.bash"), ("zsh", "_calc"), ("fish", "calc.fish"), ("powershell", "_calc.ps1"), ("elvish", "calc.elv")]
    {
        files.push((format!("completions/{name}"), place.run(&["completions", shell]).ends(0).stdout));
    }
    files.push(("man/calc.1".to_owned(), place.run(&["man"]).ends(0).stdout));
    for command in commands_of(&place.run(&["--help"]).ends(0).stdout) {
        files.push((format!("man/calc-{command}.1"), place.run(&["man", &command]).ends(0).stdout));
        for inner in commands_of(&place.run(&[&command, "--help"]).ends(0).stdout) {
            files.push((format!("man/calc-{command}-{inner}.1"), place.run(&["man", &command, &inner]).ends(0).stdout));
        }
    }
    assert!(files.len() > 20, "{files:?}");
    let mut stale = Vec::new();
    for (name, text) in &files {
        let path = docs.join(name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, text).expect("written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            stale.push(name);
        }
    }
    for folder in ["completions", "man"] {
        for entry in docs.join(folder).read_dir().expect("a folder") {
            let name = format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy());
            assert!(files.iter().any(|(known, _)| *known == name), "docs/{name}: no command is called so");
        }
    }
    assert!(stale.is_empty(), "{stale:?} are not what the command prints: BLESS=1 cargo test --test cli manual_pages_and_completions");
}

#[test]
fn a_fixture_stands_for_a_database_where_nothing_has_to_stay() {
    let place = Place::new();
    let project = r#"{"project": {"id": 1, "name": "Shop"}, "clients": [{"id": 55, "name": "Zoe", "created_at": "2026-11-20 09:00:00", "visits": [{"block": 7, "first_at": "2020-01-01 00:00:00", "last_at": "2020-01-01 00:00:00"}]}]}"#;
    place.file("shop.json", project).file("7.block", "x = 1\n---\nHello, #{name}!");
    let run = |arguments: &[&str]| place.run(&[arguments, &["--fixture", "shop.json"]].concat());
    assert!(run(&["crm", "list", "clients"]).ends(0).stdout.contains("Zoe"));
    assert!(run(&["crm", "show"]).ends(0).stdout.contains("Zoe"));
    let dump = run(&["crm", "dump"]).ends(0).stdout;
    place.file("dump.json", &dump);
    place.run(&["crm", "diff", "shop.json", "dump.json"]).ends(0);
    assert!(run(&["crm", "prune", "--visits", "30"]).ends(0).stdout.contains("1 visits"));
    let event = r#"{"client": 55, "event": "e1", "block": 7, "text": "hi"}"#;
    let output = place.pipe(&["worker", "--blocks", ".", "--fixture", "shop.json", "--outbox", "store"], &format!("{event}\n")).ends(0);
    assert!(
        output.stdout.contains("Hello, Zoe!") && output.stderr.contains("throw-away copy of shop.json"),
        "{}{}",
        output.stdout,
        output.stderr
    );
    assert_eq!(std::fs::read_to_string(place.path().join("shop.json")).expect("a text"), project);
    // What is to stay needs a database.
    for arguments in [&["crm", "init"][..], &["crm", "load", "shop.json"], &["crm", "enqueue", "shop.json"]] {
        assert!(run(arguments).ends(2).stderr.contains("throw-away copy"), "{arguments:?}");
    }
    // A fixture of calc.toml is for trials: it takes no place of a database that has to be named.
    place.file("calc.toml", "fixture = 'shop.json'\n");
    assert!(place.run(&["crm", "show"]).ends(0).stdout.contains("Zoe"));
    assert!(place.run(&["worker", "--blocks", "."]).ends(2).stderr.contains("name the database with --db"));
    assert!(place.run(&["crm", "prune", "--visits", "3"]).ends(2).stderr.contains("name the database with --db"));
}

#[test]
fn two_projects_are_compared_wherever_they_are() {
    let place = Place::new();
    let project = |name: &str, budget: u32| {
        format!(
            r#"{{"project": {{"id": 1, "name": "Shop", "variables": {{"x": {budget}}}}}, "clients": [{{"id": 55, "name": "{name}", "created_at": "2026-11-20 09:00:00", "notes": [{{"text": "a", "at": "2026-11-20 09:00:00"}}]}}]}}"#
        )
    };
    place.file("a.json", project("Zoe", 1)).file("b.json", project("Yan", 2));
    place.run(&["crm", "load", "a.json", "--db", "sqlite://a.db"]).ends(0);
    for (a, b, code) in [
        ("a.json", "sqlite://a.db", 0),
        ("sqlite://a.db", "a.json", 0),
        ("a.json", "b.json", 1),
        ("a.json", "missing.json", 2),
        ("-", "-", 2),
    ] {
        place.run(&["crm", "diff", a, b]).ends(code);
    }
    let lines = place.run(&["crm", "diff", "a.json", "b.json"]).ends(1).stdout;
    assert_eq!(
        lines,
        "- project.variables.x: 1\n+ project.variables.x: 2\n- clients[id 55].name: \"Zoe\"\n+ clients[id 55].name: \"Yan\"\n"
    );
    place.pipe(&["crm", "diff", "-", "sqlite://a.db"], &project("Zoe", 1)).ends(0);
    assert!(place.run(&["crm", "diff", "a.json", "-"]).stderr.contains("standard input"));
}
