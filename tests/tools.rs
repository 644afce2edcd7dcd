//! The tools of an author, as commands: `calc fmt`.

#![cfg(feature = "cli")]

use std::io::Write as _;
use std::process::{Command, Stdio};

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
