//! Everything the command says in Russian is Russian, and its exit codes are the same in every language.

use super::{Place, SHOP, finish};

/// Two English words in a row, outside of quotes and of what is typed as it stands.
fn english(text: &str) -> Option<String> {
    // What stands in quotes is a name, code, or text of somebody else.
    let mut plain = String::new();
    for line in text.lines() {
        for (number, part) in line.split(['`', '"', '\'', '«', '»']).enumerate() {
            if number % 2 == 0 {
                plain.push_str(part);
            }
            plain.push('\u{1}');
        }
        plain.push('\n');
    }
    // What a database says itself.
    for foreign in ["file is not a database", "unable to open database file"] {
        plain = plain.replace(foreign, "");
    }
    let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    plain.split(['\n', '\u{1}', ',', '.', ':', ';', '(', ')', '|', '[', ']', '/', '—']).find_map(|part| {
        let words: Vec<&str> = part.split(' ').collect();
        let found = words.windows(2).find(|pair| pair.iter().all(is_word) && pair[0] != "calc" && pair[0] != "crm");
        found.map(|pair| pair.join(" "))
    })
}

/// Runs the same in both languages: the exit code is the same, and nothing of the Russian is English.
fn both(place: &Place, arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let run = |language: &str| {
        let mut command = place.command(arguments);
        finish(command.env("CALC_LANG", language).env("NO_COLOR", "1"), input)
    };
    let (english_run, russian) = (run("en"), run("ru"));
    assert_eq!(english_run.code, russian.code, "{arguments:?}: {}{}", english_run.stderr, russian.stderr);
    let said = format!("{}{}", russian.stdout, russian.stderr);
    if let Some(found) = english(&said) {
        panic!("{arguments:?} says `{found}` in:\n{said}");
    }
    (russian.code, said)
}

#[test]
fn wrong_command_lines_are_answered_in_russian() {
    let place = Place::new();
    for (arguments, part) in [
        (&["foo"] as &[&str], "команды `foo` нет"),
        (&["crm", "dumpp"], "есть команда `dump`"),
        (&["run", "--bogus"], "аргумента `--bogus` нет"),
        (&["run", "--projet", "5", "a.calc"], "есть `--project`"),
        (&["run", "--seed", "-1", "a.calc"], "чтобы передать `-1` как значение"),
        (&["run", "--project", "x", "a.calc"], "это не целое число"),
        (&["run", "--project", "99999999999999999999", "a.calc"], "число слишком велико"),
        (&["run", "--project"], "у `--project <ID>` нет значения"),
        (&["run", "--lang", "de", "a.calc"], "языки: en и ru"),
        (&["run", "--dialect", "strikt", "a.calc"], "возможные значения: strict, mavibot"),
        (&["run", "--dialect", "strikt", "a.calc"], "есть значение `strict`"),
        (&["run", "--text", "a", "--callback", "b", "a.calc"], "не сочетается с"),
        (&["run", "--text", "a", "--text", "b", "a.calc"], "задают один раз"),
        (&["run", "--quiet=3", "a.calc"], "лишнее значение `3`"),
        (&["eval"], "не хватает аргумента: `<СКРИПТ>`"),
        (&["eval", "a", "b"], "аргумент `b` лишний"),
        (&["worker", "--lease", "0", "--blocks", "."], "нужно число от 1 до 86400"),
    ] {
        let (code, said) = both(&place, arguments, "");
        assert!(code == Some(2) && said.contains(part) && said.contains("Подробнее: `--help`"), "{arguments:?}: {code:?} {said}");
    }
}

#[test]
fn help_is_russian() {
    let place = Place::new();
    let mut commands = vec![vec![]];
    while let Some(command) = commands.pop() {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let (code, said) = both(&place, &arguments, "");
        assert!(code == Some(0) && said.contains("Использование: calc") && said.contains("Показать справку"), "{arguments:?}: {said}");
        let (_, short) = both(&place, &command.iter().copied().chain(["-h"]).collect::<Vec<_>>(), "");
        assert!(!short.contains("default") && !short.contains("possible"), "{short}");
        let names: &[&str] = match command.as_slice() {
            [] => &["run", "eval", "check", "fix", "fmt", "lsp", "repl", "test", "crm", "doc", "explain", "worker", "completions", "man"],
            ["crm"] => &["init", "load", "dump", "show", "list", "enqueue", "diff", "prune"],
            _ => &[],
        };
        commands.extend(names.iter().map(|name| command.iter().copied().chain([*name]).collect()));
    }
}

#[test]
fn failures_are_told_in_russian() {
    let place = Place::new();
    place.file("shop.json", SHOP).file("bad.json", "{\"project\": 1,}").file("key.json", SHOP.replace("\"deals\"", "\"dealz\""));
    place.file("no.db", "this is no database, only a text that is long enough to be looked at");
    place.file("a.calc", "x = 1\n").file("bad.calc", "x = (\n").file("bytes.calc", b"x = '\xff'\n");
    place
        .file("lines.jsonl", "{\"client\": 1}\n[]\n{\n")
        .file("a.test.calc", "expect(1 == 2)\n")
        .file("b.test.calc", "fixture('no.json')\n");
    place.run(&["crm", "load", "shop.json", "--db", "sqlite://shop.db"]).ends(0);
    std::fs::create_dir(place.path().join("empty")).expect("a folder");
    for (arguments, part) in [
        (&["run", "no.calc"] as &[&str], "такого файла нет"),
        (&["run", "."], "это папка"),
        (&["run", "bad.calc"], "не закрыта"),
        (&["run", "bytes.calc"], "UTF-8"),
        (&["check", "empty"], "нет файлов"),
        (&["run", "a.calc", "--fixture", "bad.json"], "не JSON"),
        (&["run", "a.calc", "--fixture", "key.json"], "возможно, имелся в виду"),
        (&["check", "a.calc", "--fixture", "bad.json"], "после последнего элемента лишняя запятая"),
        (&["run", "a.calc", "--db", "mysql://x"], "не база данных"),
        (&["run", "a.calc", "--db", "sqlite://no.db"], "не база данных"),
        (&["crm", "dump", "--db", "sqlite://none.db"], "базы данных `none.db` нет"),
        (&["run", "a.calc", "--db", "sqlite://shop.db?mode=x"], "не бывает"),
        (&["run", "a.calc", "--db", "sqlite://shop.db", "--client", "101", "--project", "9"], "проекта `9` нет"),
        (&["run", "a.calc", "--db", "sqlite://shop.db", "--client", "9"], "нет клиента `9`"),
        (&["run", "a.calc", "--db", "sqlite://shop.db"], "укажите клиента"),
        (&["run", "a.calc", "--now", "soon"], "не время"),
        (&["run", "a.calc", "--limit", "steps"], "нет значения"),
        (&["run", "a.calc", "--limit", "stepz=1"], "предела `stepz` нет"),
        (&["run", "a.calc", "--limit", "steps=many"], "целое число"),
        (&["crm", "load", "bad.json", "--db", "sqlite://x.db"], "не JSON"),
        (&["crm", "load", "shop.json", "--db", "sqlite://shop.db"], "уже есть"),
        (&["crm", "init", "--fixture", "shop.json"], "--fixture"),
        (&["crm", "enqueue", "lines.jsonl", "--db", "sqlite://shop.db"], "в очередь ничего не попало"),
        (&["crm", "prune", "--db", "sqlite://shop.db"], "укажите, что убрать"),
        (&["crm", "list", "deals", "--db", "sqlite://shop.db", "--status", "x"], "статуса `x` нет"),
        (&["doc", "creat_order"], "возможно, имелась в виду `create_order`"),
        (&["doc", "zzzzzz"], "calc doc"),
        (&["doc", "--search", "zzzzzz"], "нет `zzzzzz`"),
        (&["explain", "E9999"], "нет"),
        (&["test", "empty"], "файлов с тестами нет"),
        (&["test", "a.test.calc"], "не пройдено 1"),
        (&["test", "b.test.calc"], "такого файла нет"),
        (&["worker", "--blocks", "empty", "--db", "sqlite://shop.db"], "нет блоков"),
        (&["worker", "--blocks", "none", "--db", "sqlite://shop.db"], "такой папки нет"),
        (&["man", "crmm"], "команды `crmm` нет"),
    ] {
        let (code, said) = both(&place, arguments, "");
        assert!(code != Some(0) && said.contains(part), "{arguments:?}: {code:?} {said}");
    }
    for settings in
        ["clent = 5\n", "client = 'five'\n", "db = \n", "dialect = 'strikt'\n", "[lint]\ndeny = 'W09'\n", "[host]\ncommand = 1\n"]
    {
        place.file("calc.toml", settings);
        let (code, _) = both(&place, &["eval", "1"], "");
        assert_eq!(code, Some(2), "{settings}");
    }
}

#[test]
fn what_is_asked_for_is_russian() {
    let place = Place::new();
    place.file("shop.json", SHOP).file("7.block", "x = get_order_id()\n---\nЗаказ #{x}\n").file("a.test.calc", "expect(1 == 1)\n");
    place.run(&["crm", "load", "shop.json", "--db", "sqlite://shop.db"]).ends(0);
    let database = ["--db", "sqlite://shop.db"];
    let on_database = |arguments: &[&str], input: &str| both(&place, &[arguments, &database].concat(), input);
    for arguments in [
        &["doc"] as &[&str],
        &["doc", "if"],
        &["doc", "create_order"],
        &["doc", "question"],
        &["doc", "--search", "order"],
        &["doc", "tg_send_message"],
        &["explain"],
        &["explain", "E0401"],
        &["test", "a.test.calc", "--coverage"],
        &["run", "7.block", "--dry-run"],
        &["run", "7.block", "--trace"],
        &["check", "7.block"],
        &["fmt", "--check", "7.block"],
    ] {
        both(&place, arguments, "");
    }
    for arguments in [
        &["crm", "show", "--client", "101"] as &[&str],
        &["crm", "list", "clients"],
        &["crm", "list", "deals"],
        &["crm", "list", "tasks"],
        &["crm", "list", "operators"],
        &["crm", "list", "pipelines"],
        &["crm", "list", "outbox"],
        &["crm", "list", "events"],
        &["crm", "list", "inbox"],
        &["crm", "list", "scheduled"],
        &["crm", "prune", "--events", "1"],
    ] {
        on_database(arguments, "");
    }
    let typed = ":help\n:vars\n:client\n:client x\n:client 9\n:deal\n:tasks\n:history\n:say\n:say да\n:message Да\n:effects\n:undo\n:undo\n:undo\n\
                 :at soon\n:wait\n:wait 3 moons\n:wait 2 days\n:run\n:run no.calc\n:block 7.block\n:bogus\n:clent\n:doc creat_order\n:explain X1\n:commit\n";
    let (code, said) = on_database(&["repl", "--client", "101"], typed);
    assert!(code.is_some() && said.contains("команды `:bogus` нет") && said.contains("запишите так: `:say "), "{said}");
    let lines = "{\"client\": 101}\n[]\n{\"client\": 9, \"block\": 7}\n{\"client\": 101, \"block\": 99}\n{\"delivered\": {\"client\": 101, \"number\": 5}}\n{\"client\": 101, \"block\": 7, \"event\": \"\"}\n";
    let mut command = place.command(&["worker", "--blocks", ".", "--db", "sqlite://shop.db"]);
    let output = finish(command.env("CALC_LANG", "ru"), lines);
    assert!(
        output.stderr.contains("не хватает `block`") && output.stderr.contains("которого") | output.stderr.contains("который"),
        "{}",
        output.stderr
    );
    assert_eq!(english(&output.stderr), None, "{}", output.stderr);
}
