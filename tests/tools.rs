//! The tools of an author, as commands: `calc fmt`, `calc check` of a whole bot, `calc fix`.

#![cfg(feature = "cli")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

/// A folder of its own, in which the command runs.
struct Folder(TempDir);

/// How a command ended and what it wrote.
struct Output {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).expect("a text")
    }

    fn calc(&self, arguments: &[&str]) -> Output {
        self.pipe(arguments, "")
    }

    fn pipe(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_calc"));
        command.current_dir(self.0.path()).args(arguments).env_remove("CALC_DB").env_remove("CALC_LANG");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("calc runs");
        // A command that ends without reading is judged by what it wrote.
        let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("calc ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Output { code: output.status.code().expect("an exit code"), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

fn formatted(source: &str) -> String {
    let output = Folder::new(&[]).pipe(&["fmt", "-"], source);
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.stdout
}

#[test]
fn fmt_spaces_quotes_and_operators() {
    for (source, expected) in [
        ("x=1;y = \"it's\"   # two\n", "x = 1\ny = \"it's\"  # two\n"),
        ("a=!b&&c||NOT d AND e OR f", "a = not b and c or not d and e or f\n"),
        ("s = x [1 : ] + y[ : 2] - - z ^-1\n", "s = x[1:] + y[:2] - -z ^ -1\n"),
        ("d={\"a\":1,'b' : [ ],}\n", "d = {'a': 1, 'b': []}\n"),
        ("v = if (a,b , c)if(x)else f ( k = 1 , )\n", "v = if(a, b, c) if (x) else f(k=1)\n"),
        ("x =   # nothing\nz = \"#{d['k']}\" + \"#{ n }\"\n", "x =  # nothing\nz = \"#{d['k']}\" + '#{ n }'\n"),
        ("t = \\\n  1 + \\\n  2\n\n\n\n\nu = 1", "t = 1 + 2\n\nu = 1\n"),
        ("", ""),
        ("\n\n# only this\n", "# only this\n"),
    ] {
        assert_eq!(formatted(source), expected, "{source}");
    }
}

#[test]
fn fmt_blocks_and_one_line_bodies() {
    let source = "\
if a :
  x=1
  # in the block
# before else
else:y=2;z=3
while True: break;
def f( a,b = 1 ) :
\treturn a\t# why
\t/* the end */
if client_name and another_condition: first_variable = 'some text that is long'; second_variable = 'more of it'
";
    let expected = "\
if a:
    x = 1
    # in the block
# before else
else: y = 2; z = 3
while True: break
def f(a, b=1):
    return a  # why
    /* the end */
if client_name and another_condition:
    first_variable = 'some text that is long'
    second_variable = 'more of it'
";
    assert_eq!(formatted(source), expected);
}

#[test]
fn fmt_breaks_long_brackets_and_keeps_comments_in_them() {
    let source = "\
create_task(get_operator(), 'Silent for #{_days} days', current_date, 'Deal #{_deal}, #{budget} roubles', '18:00')
x = [1, # one
  # two
  2 /* three */ , 3]
kept = [
  1, 2,
]
total = max(first_part_of_the_sum_of_the_order + second_part_of_the_sum_of_the_order - third_part_of_the_sum, 0)
";
    let expected = "\
create_task(
    get_operator(),
    'Silent for #{_days} days',
    current_date,
    'Deal #{_deal}, #{budget} roubles',
    '18:00',
)
x = [
    1,  # one
    # two
    2 /* three */,
    3,
]
kept = [
    1,
    2,
]
total = max(
    first_part_of_the_sum_of_the_order
    + second_part_of_the_sum_of_the_order
    - third_part_of_the_sum,
    0,
)
";
    assert_eq!(formatted(source), expected);
}

#[test]
fn fmt_changes_files_in_place_and_names_them() {
    let folder = Folder::new(&[("a.calc", "x=1\n"), ("b.calc", "x = 1\n"), ("in/c.block", "x=1\n---\nHello,  #{x}!"), ("in/d.txt", "x=1")]);
    let output = folder.calc(&["fmt", "--check", "."]);
    assert_eq!((output.code, output.stdout.as_str()), (1, "./a.calc\n./in/c.block\n"));
    assert_eq!(folder.read("a.calc"), "x=1\n");
    let output = folder.calc(&["fmt", "--diff", "a.calc"]);
    assert_eq!((output.code, output.stdout.as_str()), (1, "--- a.calc\n+++ a.calc\n@@ -1 +1 @@\n-x=1\n+x = 1\n"));
    let output = folder.calc(&["fmt", "."]);
    assert_eq!((output.code, output.stdout.as_str()), (0, "./a.calc\n./in/c.block\n"));
    assert_eq!(folder.read("a.calc"), "x = 1\n");
    assert_eq!(folder.read("in/c.block"), "x = 1\n---\nHello,  #{x}!");
    let output = folder.calc(&["fmt", "--check", "."]);
    assert_eq!((output.code, output.stdout.as_str()), (0, ""));
}

#[test]
fn fmt_leaves_broken_files_alone() {
    let folder = Folder::new(&[("a.calc", "x = (1\ny=2\n"), ("b.calc", "y=2\n")]);
    let output = folder.calc(&["fmt", "a.calc", "missing.calc", "b.calc"]);
    assert_eq!((output.code, output.stdout.as_str()), (1, "b.calc\n"));
    assert!(output.stderr.contains("E0205") && output.stderr.contains("missing.calc"), "{}", output.stderr);
    assert_eq!(folder.read("a.calc"), "x = (1\ny=2\n");
    assert_eq!(folder.read("b.calc"), "y = 2\n");
}

#[test]
fn fmt_keeps_line_ends_marks_and_text_of_the_dialect() {
    assert_eq!(
        formatted("\u{feff}x=1\r\nif x:\r\n  y=[1, # a\r\n  2]\r\n"),
        "\u{feff}x = 1\r\nif x:\r\n    y = [\r\n        1,  # a\r\n        2,\r\n    ]\r\n"
    );
    let source = "x=1\n  if x==1:\n    city =  New York ;  # 5\n    promo=promo#{x}\n";
    let output = Folder::new(&[]).pipe(&["fmt", "--dialect", "mavibot", "-"], source);
    assert_eq!(output.stdout, "x = 1\nif x == 1:\n    city =  New York ;  # 5\n    promo=promo#{x}\n", "{}", output.stderr);
}

/// What `calc check --format concise` says of files, without messages: `a.calc:1:5 W0607`.
fn findings(files: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let folder = Folder::new(files);
    let mut command = vec!["check", "--format", "concise"];
    command.extend(arguments);
    if !arguments.contains(&".") {
        command.extend(files.iter().map(|(name, _)| *name).filter(|name| name.rsplit('.').next() != Some("json")));
    }
    let output = folder.calc(&command);
    let short = |line: &str| {
        let (place, rest) = line.split_once(": ").expect("a place");
        format!("{place} {}", rest.split(' ').next().unwrap_or_default())
    };
    output.stdout.lines().map(short).collect()
}

fn finding(script: &str) -> Vec<String> {
    findings(&[("a.calc", script)], &[]).into_iter().map(|found| found.replace("a.calc:", "")).collect()
}

#[test]
fn files_of_one_call_are_one_bot() {
    let first = ("1.block", "client.city = question\n---\nWhere are you?\n");
    let second = ("2.block", "where = city\nsize = width\n---\nTo #{where}\n");
    assert_eq!(findings(&[second], &[]), ["2.block:1:9 W0607", "2.block:2:8 W0607"]);
    assert_eq!(findings(&[first, second], &[]), ["2.block:2:8 W0607"]);
    // A line that comes later, a condition and functions set or know a name too.
    assert!(finding("before = last\nlast = question\n").is_empty());
    assert!(finding("if size:\n    x = size\n").is_empty());
    assert!(finding("set_order_var(get_order_id(), 'size', 1)\nx = size\n").is_empty());
    assert!(finding("_n = unpack_list([1, 2], 'word')\nx = word2\n").is_empty());
    let fixture = r#"{"project": {"id": 1, "name": "Shop", "variables": {"width": 3}}, "pipelines": [{"id": 2, "name": "Sales", "stages": [{"id": 3, "name": "New"}]}]}"#;
    let files = [first, second, ("shop.json", fixture)];
    assert!(findings(&files, &["--fixture", "shop.json"]).is_empty());
    let files = [("a.calc", "change_state(3)\nchange_state(4)\n"), ("shop.json", fixture)];
    assert_eq!(findings(&files, &["--fixture", "shop.json"]), ["a.calc:2:14 W0907"]);
}

#[test]
fn ids_that_a_project_does_not_have() {
    let project = r#"{"project": {"id": 1, "name": "Shop"}, "operators": [{"email": "olga@example.com", "name": "Olga"}],
        "pipelines": [{"id": 2, "name": "Sales", "stages": [{"id": 3, "name": "New"}]}],
        "clients": [{"id": 5, "name": "Ann", "visits": [{"block": 7, "first_at": "2026-11-20 09:00:00", "last_at": "2026-11-20 09:00:00"}]}]}"#;
    let found = |name: &str, text: &str| findings(&[(name, text), ("p.json", project)], &["--fixture", "p.json"]);
    assert_eq!(found("a.calc", "change_state('4')\nchange_state('3')\n"), ["a.calc:1:14 W0907"]);
    assert_eq!(found("a.calc", "x = [was_in_state(8), was_in_state(7)]\nprint(x)\n"), ["a.calc:1:19 W0907"]);
    // A file is a block of the bot, and a message has ids too.
    assert_eq!(found("8-more.block", "x = was_in_state(8)\n---\n#{x} #{was_in_state(9)}"), ["8-more.block:3:21 W0907"]);
    // Of a bot that nobody has talked to no block is known.
    let unvisited = r#"{"project": {"id": 1, "name": "Shop"}}"#;
    assert!(findings(&[("a.calc", "print(was_in_state(8))\n"), ("p.json", unvisited)], &["--fixture", "p.json"]).is_empty());
}

#[test]
fn the_block_rule_goes_into_functions_that_are_called() {
    let found = |script: &str| findings(&[("a.block", &format!("{script}\n---\nHello"))], &[]);
    assert_eq!(found("def stop():\n    unsubscribe()\ndef outer(x):\n    if x: stop()\nouter(1)"), ["a.block:2:5 W0604"]);
    assert_eq!(found("def stop(a=unsubscribe()):\n    return a\nx = stop()"), ["a.block:1:12 W0604"]);
    assert_eq!(found("def f(n):\n    if n: f(n - 1)\n    else: block_client()\nf(2)"), ["a.block:3:11 W0604"]);
    assert_eq!(found("def f():\n    block_client()\nf()\nunblock_client()\nif question: f()"), ["a.block:2:5 W0604"]);
    assert_eq!(found("def back(x):\n    if x: return 1\n    unblock_client()\nblock_client()\nback(1)"), ["a.block:4:1 W0604"]);
    // What is never called does nothing, and what a function makes good is good.
    assert!(found("def never():\n    unsubscribe()").is_empty());
    assert!(found("def stop(a=unsubscribe()):\n    return a\nx = stop(1)\ny = stop(a=2)").is_empty());
    assert!(found("def back():\n    unblock_client()\nblock_client()\nback()").is_empty());
    assert!(found("def both():\n    block_client()\n    return unblock_client()\nboth()").is_empty());
}

#[test]
fn examples_and_scripts_of_the_vendor_are_silent() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let output = Folder::new(&[]).calc(&["check", "--deny-warnings", "--format", "concise", root]);
    assert_eq!((output.code, output.stdout.as_str()), (0, ""), "{}", output.stderr);
    let rows = include_str!("data/vendor_examples.tsv").lines().skip(1).filter(|row| !row.is_empty());
    for dialect in ["strict", "mavibot"] {
        let of_dialect = rows.clone().filter(|row| row.split('\t').nth(2) == Some(dialect));
        let place = Folder::new(&[]);
        for (number, row) in of_dialect.enumerate() {
            let script = row.split('\t').next().unwrap_or_default().replace(" ;; ", "\n");
            // Each is a bot of its own.
            let name = format!("{number}.calc");
            place.write(&name, &format!("{script}\n"));
            let output = place.calc(&["check", "--dialect", dialect, "--format", "concise", &name]);
            // A built-in variable that is set, and text without quotes: the contract asks for these warnings.
            let alarms = output.stdout.lines().filter(|line| !line.contains(" W0602 ") && !line.contains(" W0605 "));
            assert_eq!(alarms.collect::<Vec<_>>(), Vec::<&str>::new(), "{script}");
        }
    }
}

#[test]
fn misspelt_names_and_lost_values() {
    assert_eq!(finding("delivery = 300\nprint(delvery)\n"), ["2:7 W0901"]);
    assert_eq!(finding("Price = 300\nprint(price)\n"), ["2:7 W0901"]);
    // A number, an ending, or a name that is read somewhere make another word of it.
    assert!(finding("score_1 = 5\nprint(score_2)\n").is_empty());
    assert!(finding("product = 5\nprint(products)\n").is_empty());
    assert!(finding("delivery = 300\nprint(delvery, delivery)\n").is_empty());
    assert_eq!(finding("def f(a):\n    total = a\n\nf(1)\n"), ["2:5 W0902"]);
    assert!(finding("def f(a):\n    _total = a\n    for i in [1]:\n        print(a)\n\nf(1)\ntotal = 1\n").is_empty());
}

#[test]
fn lines_that_never_run() {
    assert_eq!(finding("def f(a):\n    return a\n    a = 1\n\nx = f(1)\n"), ["3:5 W0903"]);
    assert_eq!(finding("for i in [1]:\n    if i:\n        break\n    else:\n        continue\n    x = i\n"), ["6:5 W0903"]);
    assert_eq!(finding("_n = 0\nwhile True:\n    _n += 1\nx = 1\n"), ["4:1 W0903"]);
    assert_eq!(finding("def f(a):\n    while True:\n        if a: return a\n    return 3\nx = f(1)\n"), ["4:5 W0903"]);
    assert!(finding("_n = 0\nwhile True:\n    _n += 1\n    if _n > 3:\n        break\nx = 1\n").is_empty());
}

#[test]
fn conditions_that_are_always_the_same() {
    assert_eq!(finding("if question == 'a' or 'b':\n    x = 1\n"), ["1:23 W0904"]);
    assert_eq!(finding("if 5:\n    x = 1\n"), ["1:4 W0904"]);
    assert_eq!(finding("if budget > 5:\n    x = 1\nelif budget > 5:\n    x = 2\n"), ["3:6 W0904"]);
    assert_eq!(finding("x = 1 if name == name else 2\n"), ["1:10 W0904"]);
    assert!(finding("if random(1, 2) == 1:\n    x = 1\nelif random(1, 2) == 1:\n    x = 2\nwhile True:\n    break\n").is_empty());
    assert_eq!(finding("if []:\n    x = 1\n"), ["1:4 W0904"]);
    assert_eq!(
        finding("if 'a' == 'b':\n    x = 1\nelif 2 > 1:\n    x = 2\nelif {'a': 1}:\n    x = 3\n"),
        ["1:4 W0904", "3:6 W0904", "5:6 W0904"]
    );
    // A message has conditions too.
    assert_eq!(findings(&[("a.block", "x = 1\n---\n#{if('a', x, 2)}")], &[]), ["a.block:3:6 W0904"]);
    assert!(finding("_debug = False\nif _debug or question == 'a':\n    x = 1\ny = name or 'guest'\n").is_empty());
}

#[test]
fn comparisons_that_are_never_true() {
    assert_eq!(finding("x = lower(question) == 'Yes'\n"), ["1:5 W0905"]);
    assert_eq!(finding("x = len(question) == 'long'\n"), ["1:5 W0905"]);
    assert_eq!(finding("if budget > 10 and budget < 5:\n    x = 1\n"), ["1:20 W0905"]);
    assert_eq!(finding("if question == 'a' and name and question == 'b':\n    x = 1\n"), ["1:33 W0905"]);
    assert_eq!(finding("x = lower(question) in ['Да', 'нет', 'НЕТ']\n"), ["1:25 W0905", "1:38 W0905"]);
    assert_eq!(finding("x = upper(question) not in ['да']\ny = 'Да' in lower(question)\n"), ["1:29 W0905", "2:5 W0905"]);
    assert!(finding("x = lower(question) in ['да', name, 5]\ny = 'да' in lower(question)\nz = name in ['Да']\n").is_empty());
    assert!(finding("x = lower(question) == 'да' or len(question) == '5'\nif budget > 5 and budget < 10:\n    y = 1\n").is_empty());
}

#[test]
fn results_used_without_a_look() {
    assert_eq!(finding("set_order_status_success(get_order_id_by_var_value('n', 1))\n"), ["1:26 W0906"]);
    assert_eq!(finding("_paid = get_order_id_by_var_value('n', 1)\nset_order_status_success(_paid)\n"), ["2:26 W0906"]);
    assert_eq!(finding("def f(n):\n    deal = get_order_id_by_var_value('n', n)\n    set_order_budget(5, deal)\nf(1)\n"), ["3:25 W0906"]);
    // Somebody looks at it first, sets it again, or only looks elsewhere.
    let looks = [
        "if _paid:\n    set_order_status_success(_paid)",
        "if _paid == None: _paid = get_order_id()\nset_order_status_success(_paid)",
        "_paid = 5\nset_order_status_success(_paid)",
        "if budget > 5:\n    set_order_status_success(_paid)",
        "print(_paid)\nset_order_status_success(_paid)",
        "x = if(_paid, set_order_status_success(_paid), 0)",
    ];
    for look in looks {
        assert!(finding(&format!("_paid = get_order_id_by_var_value('n', 1)\n{look}\n")).is_empty(), "{look}");
    }
    assert!(finding("set_order_status_success(get_order_id())\ndeal = create_order('a', 1)\nset_order_budget(5, deal)\n").is_empty());
}

#[test]
fn allow_comments_and_choices_of_codes() {
    assert!(finding("budget = 1 /* calc: allow W0602 */\n").is_empty());
    assert_eq!(finding("budget = 1 /* calc: allow W0607 */\n"), ["1:1 W0602"]);
    assert_eq!(finding("x = 1\n# calc: allow W0602, W0607\nbudget = [\n    word,\n]\ntag = 1\n"), ["6:1 W0602"]);
    assert!(finding("/* calc: allow W0602 */\nbudget = 1\nx = 1\ntag = 1\n").is_empty());
    let files = [("a.calc", "budget = word\n")];
    assert_eq!(findings(&files, &["--select", "W06"]), ["a.calc:1:1 W0602", "a.calc:1:10 W0607"]);
    assert_eq!(findings(&files, &["--select", "W0602"]), ["a.calc:1:1 W0602"]);
    assert_eq!(findings(&files, &["--ignore", "W0602,W0607"]), [""; 0]);
    assert_eq!(findings(&[("a.calc", "x = (\n")], &["--select", "W09", "--ignore", "E"]), ["a.calc:1:5 E0205"]);
    let folder = Folder::new(&files);
    assert_eq!(folder.calc(&["check", "a.calc"]).code, 0);
    assert_eq!(folder.calc(&["check", "--deny-warnings", "a.calc"]).code, 1);
    assert_eq!(folder.calc(&["check", "--deny-warnings", "--ignore", "W", "a.calc"]).code, 0);
    assert_eq!(folder.calc(&["check", "--select", "X1", "a.calc"]).code, 2);
}

#[test]
fn check_goes_through_folders_and_on_after_unreadable_files() {
    let files = [("bot/a.calc", "x = word\n"), ("bot/in/b.block", "x = other\n---\n"), ("bot/c.txt", "x = (")];
    let folder = Folder::new(&files);
    let output = folder.calc(&["check", "--format", "concise", "missing.calc", "bot"]);
    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("missing.calc"), "{}", output.stderr);
    assert_eq!(output.stdout.lines().count(), 2, "{}", output.stdout);
}

#[test]
fn formats_for_programs() {
    let folder = Folder::new(&[("a b.calc", "город = Пермь\nx = (\n")]);
    let output = folder.calc(&["check", "--format", "github", "a b.calc"]);
    assert_eq!(output.code, 1);
    assert!(output.stdout.contains("::error file=a b.calc,line=2,endLine=2,col=5,endColumn=6,title=E0205::"), "{}", output.stdout);
    let folder = Folder::new(&[("a b.calc", "город = Пермь\n")]);
    let log: Json = serde_json::from_str(&folder.calc(&["check", "--format", "sarif", "a b.calc"]).stdout).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "W0607");
    let result = &run["results"][0];
    assert_eq!((&result["ruleId"], &result["ruleIndex"], &result["level"]), (&"W0607".into(), &0.into(), &"warning".into()));
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "a%20b.calc");
    assert_eq!(location["region"], serde_json::json!({"startLine": 1, "startColumn": 9, "endLine": 1, "endColumn": 14}));
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "'Пермь'");
}

#[test]
fn fix_mends_what_is_certain_and_says_so() {
    let folder = Folder::new(&[("a.calc", "город = Пермь\r\nx = prinnt(1)\r\n"), ("b.calc", "y = 1\n")]);
    let output = folder.calc(&["fix", "--diff", "a.calc", "b.calc"]);
    assert_eq!(output.code, 1);
    assert!(output.stdout.contains("-город = Пермь") && output.stdout.contains("+город = 'Пермь'"), "{}", output.stdout);
    assert_eq!(folder.read("a.calc"), "город = Пермь\r\nx = prinnt(1)\r\n");
    let output = folder.calc(&["fix", "a.calc", "b.calc"]);
    let text = folder.read("a.calc");
    assert!(text.starts_with("город = 'Пермь'\r\n"), "{text:?} {}", output.stderr);
    assert!(output.stdout.starts_with("a.calc:1: fixed W0607 ") && !output.stdout.contains("b.calc"), "{}", output.stdout);
    let output = folder.pipe(&["check", "--fix", "-"], "x = слово\n");
    assert_eq!((output.code, output.stdout.as_str()), (0, "x = 'слово'\n"));
    // Errors make the exit code, not what would be mended; `--check` names what would.
    let files = [("word.calc", "x = слово\n"), ("fine.calc", "y = 1\n")];
    let warned = Folder::new(&files);
    for command in ["fix", "check"] {
        let output = warned.calc(&[command, "--diff", "word.calc", "fine.calc"]);
        assert_eq!((output.code, output.stdout.contains("+x = 'слово'")), (0, true), "{}", output.stdout);
    }
    assert_eq!(warned.calc(&["check", "--diff", "--deny-warnings", "word.calc"]).code, 1);
    let output = warned.calc(&["fix", "--check", "word.calc", "fine.calc"]);
    assert_eq!((output.code, output.stdout.as_str()), (1, "word.calc\n"));
    assert_eq!(warned.calc(&["fix", "--check", "fine.calc"]).code, 0);
    assert_eq!(warned.read("word.calc"), "x = слово\n");
    let output = folder.calc(&["check", "--diff", "b.calc"]);
    assert_eq!((output.code, output.stdout.as_str()), (0, ""));
}

#[test]
fn words_that_hyphens_join_are_a_subtraction_when_a_line_sets_one() {
    let files = [("a.calc", "город = первый-второй\n"), ("b.calc", "первый = 5\n")];
    let args = |file: &'static str| Folder::new(&files).calc(&["check", "--dialect", "mavibot", "--format", "concise", "a.calc", file]);
    assert_eq!(args("b.calc").stdout, "");
    assert!(args("a.calc").stdout.starts_with("a.calc:1:9: W0605 "));
    let folder = Folder::new(&files);
    assert_eq!(folder.calc(&["fix", "--to", "strict", "a.calc", "b.calc"]).code, 0);
    assert_eq!(folder.read("a.calc"), "город = if(первый == None and второй == None, 'первый-второй', первый-второй)\n");
}

#[test]
fn fix_to_strict_leaves_nothing_that_strict_refuses() {
    let source = "\
город = Нью Йорк
  дата = 10.10.2021 ; и ещё
 промо = промо#{client_id}
раз = слово
if город == 'Нью Йорк':
    код = 007
      цвет = #ff0000
другое = потом
потом = 5
список = [новый, 'старый']
";
    let folder = Folder::new(&[("a.calc", source)]);
    let run = |dialect: &str| -> Json {
        let output = folder.calc(&["run", "--format", "json", "--dialect", dialect, "a.calc"]);
        let outcome: Json =
            serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout, output.stderr));
        assert_eq!(outcome["status"], "ok", "{}\n{outcome}", folder.read("a.calc"));
        outcome["variables"].clone()
    };
    let before = run("mavibot");
    let output = folder.calc(&["fix", "--to", "strict", "a.calc"]);
    assert_eq!(output.code, 0, "{}\n{}", output.stderr, folder.read("a.calc"));
    assert_eq!(run("strict"), before, "{}", folder.read("a.calc"));
}
