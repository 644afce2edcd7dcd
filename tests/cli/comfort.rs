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
fn wrong_settings_say_where() {
    let place = Place::new();
    for (text, at, part) in [
        ("db = 'x'\nclent = 5\n", "calc.toml:2:1", "did you mean `client`"),
        ("client = 'five'\n", "calc.toml:1:10", "expected a whole number"),
        ("db = \n", "calc.toml:1:", ""),
        ("[lint]\nslect = []\n", "calc.toml:2:1", "did you mean `select`"),
    ] {
        let output = place.file("calc.toml", text).run(&["eval", "1"]).ends(2).stderr;
        assert!(output.contains(at) && output.contains(part), "{text}: {output}");
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
