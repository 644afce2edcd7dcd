//! Words of other languages where a keyword, an operator or a value stands here (`foreign.rs`), and statements that are
//! not there at all.

use super::line::{Line, Repair};
use crate::diagnostic::{Code, Span};
use crate::syntax::foreign;
use crate::syntax::lexeme::Lexeme;
use crate::syntax::names;
use crate::wording::{Message, message};

/// Words that stand where `:` stands here.
const THEN: &[&str] = &["then", "тогда", "то", "do", "begin", "начало", "цикл"];

/// `если x > 5:`, `if x is None:`, `x = 7 mod 2`, `іf x:` with a Cyrillic letter.
pub(super) fn spelled(line: &Line<'_>) -> Option<Repair> {
    let mut edits: Vec<(Span, String)> = Vec::new();
    let mut message = None;
    let mut is_surely_code = false;
    let mut code = Code::ForeignWord;
    let mut at = 0;
    while at < line.len() {
        let word = line.text(at);
        let is_name = line.is_word(at) && !(at > 0 && line.is(at - 1, Lexeme::Dot));
        if !is_name {
            at += 1;
            continue;
        }
        let lower = word.to_lowercase();
        // `Функция Скидка(Знач Сумма) Экспорт`
        let is_head = line.is(0, Lexeme::Def) || foreign::spelled(line.text(0)) == Some("def");
        if at > 0 && is_head && matches!(lower.as_str(), "знач" | "экспорт" | "byval" | "byref") {
            let is_last = matches!(lower.as_str(), "экспорт");
            let span = if is_last {
                Span::new(line.span(at - 1).end, line.span(at).end)
            } else {
                Span::new(line.span(at).start, line.span(at + 1).start)
            };
            edits.push((span, String::new()));
            at += 1;
            continue;
        }
        if at > 0 && THEN.contains(&lower.as_str()) && line.ends_operand(at - 1) {
            let has_colon = line.is(at + 1, Lexeme::Colon);
            let span = Span::new(line.span(at - 1).end, line.span(at).end);
            message.get_or_insert((line.span(at), message!("then-word", word = word)));
            edits.push((span, if has_colon { "" } else { ":" }.to_owned()));
            is_surely_code = true;
            at += 1;
            continue;
        }
        if let Some(keyword) = names::latin(word).filter(|latin| is_keyword(latin)) {
            code = Code::MixedAlphabets;
            message.get_or_insert((line.span(at), names::odd_letters(word, &keyword)));
            edits.push((line.span(at), keyword));
            is_surely_code = true;
            at += 1;
            continue;
        }
        if at > 1 && is_block_end(&lower) && matches!(line.kind(at + 1), None | Some(Lexeme::Semicolon)) && !edits.is_empty() {
            let from = if line.is(at - 1, Lexeme::Semicolon) { at - 1 } else { at };
            edits.push((Span::new(line.span(from - 1).end, line.end), String::new()));
            break;
        }
        let Some(meant) = foreign::spelled(word) else {
            at += 1;
            continue;
        };
        // A word that calls something is a function of another language.
        if line.is(at + 1, Lexeme::OpenParen) && line.touch(at) && !matches!(meant, "if" | "elif" | "while" | "not" | "and" | "or") {
            at += 1;
            continue;
        }
        let (to, meant) = match (meant, line.text(at + 1).to_lowercase().as_str()) {
            ("else", "if" | "если") => (at + 1, "elif"),
            ("==", "not" | "не") => (at + 1, "!="),
            ("not", "равно" | "равен" | "равна") if line.ends_operand(at.saturating_sub(1)) && at > 0 => (at + 1, "!="),
            ("not", "больше") if at > 0 && line.ends_operand(at - 1) => (at + 1, "<="),
            ("not", "меньше") if at > 0 && line.ends_operand(at - 1) => (at + 1, ">="),
            _ => (at, meant),
        };
        let span = line.spans(at, to);
        message.get_or_insert_with(|| (span, message!("written-here", written = line.at(span), meant = meant)));
        edits.push((span, meant.to_owned()));
        is_surely_code |= is_code_around(line, at, to, meant);
        at = to + 1;
    }
    // Words between unknown words are a text without quotes: `город = Казань и Москва`.
    if !is_surely_code {
        return None;
    }
    let (span, message) = message?;
    if !line.parses(&edits) {
        edits.push((Span::new(line.end, line.end), ":".to_owned()));
    }
    Repair::certain(code, span, message, edits)
}

/// What to do instead of a statement that is not here.
pub(super) fn help_of_statement(word: &str) -> Option<Message> {
    let word = word.to_lowercase();
    STATEMENTS.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, help)| Message::new(help, Vec::new()))
}

/// Whether a word alone on its line begins a block in another language.
pub(crate) fn begins_block(lower: &str) -> bool {
    matches!(lower, "try" | "попытка" | "исключение" | "except" | "finally" | "catch" | "begin" | "начало" | "do" | "repeat" | "loop")
}

/// Whether a word ends a block in another language.
pub(crate) fn is_block_end(word: &str) -> bool {
    STATEMENTS.iter().any(|(words, help)| *help == BLOCK_END && words.contains(&word))
}

pub(in crate::syntax) fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "if" | "elif"
            | "else"
            | "for"
            | "in"
            | "while"
            | "break"
            | "continue"
            | "pass"
            | "def"
            | "return"
            | "del"
            | "and"
            | "or"
            | "not"
            | "True"
            | "False"
            | "None"
            | "AND"
            | "OR"
            | "NOT"
            | "true"
            | "false"
            | "none"
            | "null"
    )
}

/// Whether a word is surely meant as code where it stands.
fn is_code_around(line: &Line<'_>, from: usize, to: usize, meant: &str) -> bool {
    let begins = line.kind(0).is_some_and(|kind| matches!(kind, Lexeme::If | Lexeme::Elif | Lexeme::While | Lexeme::For | Lexeme::Return));
    if begins || from == 0 {
        return true;
    }
    let is_value = |at: usize| {
        matches!(
            line.kind(at),
            Some(
                Lexeme::Integer
                    | Lexeme::Float
                    | Lexeme::Quoted
                    | Lexeme::CloseParen
                    | Lexeme::CloseBracket
                    | Lexeme::OpenBracket
                    | Lexeme::True
                    | Lexeme::False
                    | Lexeme::None
            )
        )
    };
    match meant {
        "True" | "False" | "None" => line.equals().is_none(),
        "%" | "//" => true,
        _ => foreign::spelled(line.text(0)).is_some() || (is_value(from - 1) || is_value(to + 1)),
    }
}

/// `var x = 5`, `await f()`.
pub(super) fn leading(line: &Line<'_>) -> Option<Repair> {
    let mut at = 0;
    while line.is_word(at)
        && foreign::is_nothing(line.text(at))
        && matches!(line.kind(at + 1), Some(Lexeme::Name | Lexeme::ClientName | Lexeme::Def | Lexeme::For))
    {
        at += 1;
    }
    if at == 0 {
        // `x = new Date()`, `x = await f()`
        let equals = line.equals()?;
        let is_call = line.is_word(equals + 2) && line.is(equals + 3, Lexeme::OpenParen);
        if !(line.is_word(equals + 1) && foreign::is_nothing(line.text(equals + 1)) && is_call) {
            return None;
        }
        // `new Date()`
        if let Some(foreign::Meant::Variable(meant)) = foreign::called(line.text(equals + 2))
            && line.is(equals + 4, Lexeme::CloseParen)
        {
            let call = line.spans(equals + 1, equals + 4);
            let message = message!("written-here", written = line.at(call), meant = meant);
            return Repair::certain(Code::ForeignWord, call, message, vec![(call, meant.to_owned())]);
        }
        let span = Span::new(line.span(equals + 1).start, line.span(equals + 2).start);
        return Repair::certain(
            Code::ForeignWord,
            line.span(equals + 1),
            message!("needless-word", word = line.text(equals + 1)),
            vec![(span, String::new())],
        );
    }
    let words = line.spans(0, at - 1);
    let text = line.at(words);
    let rest = Span::new(words.start, line.span(at).start);
    let message = message!("needless-word", word = text);
    if matches!(line.kind(at + 1), None | Some(Lexeme::Semicolon)) {
        let name = line.text(at);
        return Some(
            Repair::likely(Code::ForeignWord, words, message, vec![(line.whole(), format!("{name} = None"))])?
                .help(message!("declaration-help", name = name)),
        );
    }
    let mut edits = vec![(rest, String::new())];
    if line.text(at + 1).eq_ignore_ascii_case("as") {
        edits.push((Span::new(line.span(at).end, line.span(at + 2).end), " = None".to_owned()));
    }
    if !line.parses(&edits) {
        // `var a = 1, b = 2`
        edits.extend(line.separators(Lexeme::Comma).into_iter().map(|comma| (line.span(comma), ";".to_owned())));
    }
    Repair::certain(Code::ForeignWord, words, message, edits)
}

/// `Сумма = Новый Массив`, `x = new Map()`
pub(super) fn new_object(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| {
        line.is_word(*at) && matches!(line.text(*at).to_lowercase().as_str(), "new" | "новый" | "новая") && line.is(*at - 1, Lexeme::Assign)
    })?;
    let meant = match line.text(at + 1).to_lowercase().as_str() {
        "array" | "list" | "set" | "массив" | "списокзначений" => "[]",
        "map" | "object" | "dict" | "dictionary" | "соответствие" | "структура" => "{}",
        _ => return None,
    };
    let end = if line.is(at + 2, Lexeme::OpenParen) && line.is(at + 3, Lexeme::CloseParen) { at + 3 } else { at + 1 };
    if !matches!(line.kind(end + 1), None | Some(Lexeme::Semicolon)) {
        return None;
    }
    let span = line.spans(at, end);
    let message = message!("written-here", written = line.at(span), meant = meant);
    Repair::certain(Code::ForeignWord, span, message, vec![(span, meant.to_owned())])
}

/// What is said of words that end a block elsewhere.
const BLOCK_END: &str = "block-end-help";

/// Statements of other languages: the word, what to do instead, and whether a block belongs to it.
const STATEMENTS: &[(&[&str], &str)] = &[
    (&["import", "from", "require", "include", "using", "export", "package"], "import-help"),
    (&["try", "попытка"], "try-help"),
    (&["except", "catch", "finally", "исключение", "конецпопытки"], "except-help"),
    (&["raise", "throw", "assert", "вызватьисключение"], "raise-help"),
    (&["class", "struct", "interface", "enum"], "class-help"),
    (&["with", "using"], "with-help"),
    (&["global", "nonlocal"], "global-help"),
    (&["yield"], "yield-help"),
    (&["match", "switch", "выбор"], "switch-help"),
    (&["case", "when", "default", "когда"], "case-help"),
    (&["goto", "exit", "quit", "die"], "raise-help"),
    (&["repeat", "until", "do", "loop"], "repeat-help"),
    (&["begin", "начало"], "begin-help"),
    (&["unless"], "unless-help"),
    (
        &[
            "end",
            "endif",
            "fi",
            "wend",
            "next",
            "done",
            "esac",
            "endfor",
            "endwhile",
            "endfunction",
            "конец",
            "конецесли",
            "конеццикла",
            "конецфункции",
            "конецпроцедуры",
            "все",
        ],
        BLOCK_END,
    ),
    (&["select", "insert", "update", "delete", "create", "drop", "alter"], "sql-help"),
];

/// Words that belong to a statement reported before: nothing more is said of them.
pub(in crate::syntax) fn followers(word: &str) -> &'static [&'static str] {
    match word.to_lowercase().as_str() {
        "try" | "попытка" => &["except", "catch", "finally", "else", "исключение", "конецпопытки"],
        "match" | "switch" | "select" | "выбор" => &["case", "when", "default", "otherwise", "end", "когда", "конец"],
        "do" | "repeat" => &["while", "until", "loop"],
        _ => &[],
    }
}

/// `import datetime`, `try:`, `match question:`.
pub(super) fn statement(line: &Line<'_>) -> Option<Repair> {
    if line.is(0, Lexeme::BadCharacter) && line.text(0) == "@" && line.is_word(1) && line.touch(0) {
        return Repair::none(Code::ForeignWord, line.spans(0, 1), message!("decorator"), message!("decorator-help"));
    }
    if !line.is_word(0) || matches!(line.kind(1), Some(Lexeme::Assign | Lexeme::OpenBracket | Lexeme::Dot)) {
        return None;
    }
    let word = line.text(0);
    let lower = word.to_lowercase();
    // `delete d['a']` deletes here too.
    if lower == "delete" && !line.text(1).eq_ignore_ascii_case("from") {
        return None;
    }
    let (_, help) = STATEMENTS.iter().find(|(words, _)| words.contains(&lower.as_str()))?;
    let is_end = *help == BLOCK_END;
    // One word alone may be a variable that is shown; a word before `(` is a call.
    let alone = line.len() == 1 || (line.len() == 2 && line.is(1, Lexeme::Semicolon));
    let heads_block = line.len() == 1 && begins_block(&lower) && line.is_followed_by_block();
    if (line.is(1, Lexeme::OpenParen) && line.touch(0) && !matches!(lower.as_str(), "switch" | "catch" | "match"))
        || (alone && !is_end && !heads_block)
    {
        return None;
    }
    let span = line.span(0);
    let mut repair = Repair::none(Code::ForeignWord, span, message!("no-such-word", word = word), Message::new(help, Vec::new()))?;
    if is_end && alone {
        repair.diagnostic = repair.diagnostic.fix(line.whole(), "");
    }
    Some(repair)
}

/// `f = lambda a: a + 1`, `x => 5`, `(a) => a + 1`.
pub(super) fn lambda(line: &Line<'_>) -> Option<Repair> {
    let at = (0..line.len()).find(|at| {
        let is_lambda = line.is_word(*at) && line.text(*at) == "lambda" && !line.is(*at + 1, Lexeme::Assign);
        let is_arrow = line.is(*at, Lexeme::Assign) && line.is(*at + 1, Lexeme::Greater) && line.touch(*at) && !in_condition(line, *at);
        is_lambda || is_arrow
    })?;
    let span = if line.is(at, Lexeme::Assign) { line.spans(at, at + 1) } else { line.span(at) };
    let what = if line.is(at, Lexeme::Assign) { message!("arrow-function") } else { message!("no-such-word", word = "lambda") };
    if line.is(at, Lexeme::Assign) && at == 1 && line.is_word(0) {
        return Repair::none(
            Code::UnexpectedToken,
            span,
            message!("arrow"),
            message!("arrow-help", name = line.text(0), value = line.rest(span.end).trim()),
        );
    }
    Repair::none(Code::ForeignWord, span, what, message!("lambda-help"))
}

/// Whether a lexeme stands in the condition of a block or of `if(...)`.
pub(super) fn in_condition(line: &Line<'_>, at: usize) -> bool {
    let opens = |kind: Lexeme| matches!(kind, Lexeme::If | Lexeme::Elif | Lexeme::While);
    (0..at).any(|before| {
        line.kind(before).is_some_and(opens)
            || (line.is_word(before) && matches!(foreign::spelled(line.text(before)), Some("if" | "elif" | "while")))
    })
}

/// `a, b = 1, 2`
pub(super) fn several_targets(line: &Line<'_>) -> Option<Repair> {
    let equals = line.equals()?;
    let is_list = equals >= 3 && (0..equals).all(|at| if at % 2 == 0 { line.is_word(at) } else { line.is(at, Lexeme::Comma) });
    if !is_list {
        return None;
    }
    let mut values = Vec::new();
    let mut from = line.span(equals).end;
    let mut depth = 0_i32;
    for at in equals + 1..line.len() {
        match line.kind(at) {
            Some(Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace) => depth += 1,
            Some(Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace) => depth -= 1,
            Some(Lexeme::Comma) if depth == 0 => {
                values.push(line.at(Span::new(from, line.span(at).start)).trim());
                from = line.span(at).end;
            }
            _ => {}
        }
    }
    values.push(line.rest(from).trim());
    let names: Vec<&str> = (0..equals).step_by(2).map(|at| line.text(at)).collect();
    let span = line.spans(0, equals - 1);
    let message = message!("several-targets");
    // `a, b = b, a` needs the old values of both.
    let is_independent = !values.iter().any(|value| names.iter().any(|name| value.contains(name)));
    if values.len() != names.len() || !is_independent {
        let help = names.iter().enumerate().map(|(at, name)| format!("`{name} = x[{at}]`")).collect::<Vec<_>>().join(", ");
        return Repair::none(Code::BadTarget, span, message, message!("several-targets-help", lines = help));
    }
    let lines: Vec<String> = names.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect();
    Repair::certain(Code::BadTarget, span, message, vec![(line.whole(), lines.join("; "))])
}

/// `del x, y`
pub(super) fn several_deleted(line: &Line<'_>) -> Option<Repair> {
    let commas = line.separators(Lexeme::Comma);
    if !line.is(0, Lexeme::Del) || commas.is_empty() {
        return None;
    }
    let edits = commas.iter().map(|comma| (line.span(*comma), "; del".to_owned())).collect();
    Repair::certain(Code::UnexpectedToken, line.span(commas[0]), message!("several-deleted"), edits)
}

/// `def f(a: int) -> int:`
pub(super) fn annotated_parameters(line: &Line<'_>) -> Option<Repair> {
    if !line.is(0, Lexeme::Def) || !line.is(2, Lexeme::OpenParen) {
        return None;
    }
    let close = line.closing(2)?;
    let mut edits = Vec::new();
    for colon in line.inside(2, Lexeme::Colon) {
        let end = (colon + 1..=close).find(|at| *at == close || line.is(*at, Lexeme::Comma) || line.is(*at, Lexeme::Assign))?;
        edits.push((Span::new(line.span(colon).start, line.span(end - 1).end), String::new()));
    }
    if line.is(close + 1, Lexeme::Minus) && line.is(close + 2, Lexeme::Greater) {
        let colon = (close + 3..line.len()).find(|at| line.is(*at, Lexeme::Colon)).unwrap_or(line.len());
        edits.push((Span::new(line.span(close).end, line.span(colon).start), String::new()));
    }
    let place = edits.first()?.0;
    Repair::certain(Code::ForeignWord, place, message!("declared-type"), edits)
}

/// `if budget BETWEEN 5 AND 10:`, `if name LIKE '%a%':`, `x = SELECT ...`, `x = CASE WHEN ...`
pub(super) fn sql(line: &Line<'_>) -> Option<Repair> {
    let is = |at: usize, word: &str| line.text(at).eq_ignore_ascii_case(word);
    if let Some(equals) = line.equals() {
        let at = equals + 1;
        let has = |word: &str| (at..line.len()).any(|at| is(at, word));
        if is(at, "select") && has("from") {
            return Repair::none(Code::ForeignWord, line.span(at), message!("no-such-word", word = line.text(at)), message!("sql-help"));
        }
        if is(at, "case") && has("when") {
            let message = message!("no-such-word", word = line.text(at));
            return Repair::none(Code::ForeignWord, line.span(at), message, message!("instead-of-case"));
        }
    }
    let at = (1..line.len()).find(|at| line.is_word(*at) && line.ends_operand(at - 1) && (is(*at, "between") || is(*at, "like")))?;
    let start = line.operand_start(at - 1)?;
    let value = line.at(line.spans(start, at - 1));
    let written = line.text(at);
    if is(at, "between") && line.is(at + 2, Lexeme::And) {
        let range = format!("{} <= {value} <= {}", line.text(at + 1), line.text(at + 3));
        let message = message!(
            "written-here",
            written = format!("{value} {written} a {} b", line.text(at + 2)),
            meant = format!("a <= {value} <= b")
        );
        return Repair::certain(Code::ForeignWord, line.span(at), message, vec![(line.spans(start, at + 3), range)]);
    }
    let pattern = line.text(at + 1);
    let inner = pattern.trim_matches(['\'', '"']).trim_matches('%');
    if is(at, "like") && line.is(at + 1, Lexeme::Quoted) && !inner.contains(['%', '_', '\'', '"']) {
        let call = format!("contains({value}, '{inner}')");
        let message = message!("written-here", written = written, meant = "contains(...)");
        let repair = Repair::certain(Code::ForeignWord, line.span(at), message, vec![(line.spans(start, at + 1), call)])?;
        let is_certain = pattern.len() == inner.len() + 4 && pattern[1..].starts_with('%') && pattern[..pattern.len() - 1].ends_with('%');
        return Some(Repair { is_certain, ..repair });
    }
    None
}

/// `x = 5 if budget > 3`
pub(super) fn choice_without_else(line: &Line<'_>) -> Option<Repair> {
    let equals = line.equals()?;
    let at = (equals + 2..line.len()).find(|at| line.is(*at, Lexeme::If) && line.ends_operand(at - 1))?;
    let has_comparison = (at + 1..line.len()).any(|at| {
        matches!(
            line.kind(at),
            Some(Lexeme::Equal | Lexeme::NotEqual | Lexeme::Less | Lexeme::LessEqual | Lexeme::Greater | Lexeme::GreaterEqual)
        )
    });
    if !has_comparison || (at..line.len()).any(|at| line.is(at, Lexeme::Else)) {
        return None;
    }
    let value = line.at(line.spans(equals + 1, at - 1));
    let condition = line.at(line.spans(at + 1, line.len() - 1)).trim_end_matches(';');
    let edits = vec![(line.spans(equals + 1, line.len() - 1), format!("if({condition}, {value})"))];
    Some(Repair::likely(Code::UnexpectedToken, line.span(at), message!("choice-without-else"), edits)?.help(message!(
        "choice-without-else-help",
        name = line.at(line.spans(0, equals - 1)),
        value = value,
        condition = condition
    )))
}

/// `x: int = 5`
pub(super) fn annotation(line: &Line<'_>) -> Option<Repair> {
    if !(line.is_word(0) && line.is(1, Lexeme::Colon) && line.is_word(2)) {
        return None;
    }
    let equals = (2..line.len()).find(|at| line.is(*at, Lexeme::Assign))?;
    let span = Span::new(line.span(1).start, line.span(equals).start);
    let shown = line.spans(1, equals - 1);
    Repair::certain(Code::ForeignWord, shown, message!("declared-type"), vec![(span, " ".to_owned())])
}

/// `for i = 1 to 5:`, `for (var i = 0; i < 5; i++) {`
pub(super) fn counting_loop(line: &Line<'_>) -> Option<Repair> {
    let is_for = line.is(0, Lexeme::For) || (line.is_word(0) && foreign::spelled(line.text(0)) == Some("for"));
    if !is_for {
        return None;
    }
    let equals = (2..line.len()).find(|at| line.is(*at, Lexeme::Assign))?;
    let name = line.text(equals - 1);
    let to = (equals + 1..line.len())
        .find(|at| matches!(line.text(*at).to_lowercase().as_str(), "to" | "по" | "до" | "..") || line.is(*at, Lexeme::Semicolon));
    let colon = (equals + 1..line.len()).find(|at| line.is(*at, Lexeme::Colon) || THEN.contains(&line.text(*at).to_lowercase().as_str()));
    let message = message!("counting-loop");
    let last = colon.map_or(line.len(), |colon| colon).saturating_sub(1);
    let span = line.spans(equals - 1, last.max(equals));
    if let Some(to) = to.filter(|to| !line.is(*to, Lexeme::Semicolon)) {
        let first = line.at(Span::new(line.span(equals).end, line.span(to).start)).trim();
        let last_end = colon.map_or(line.end, |colon| line.span(colon).start);
        let last = line.at(Span::new(line.span(to).end, last_end)).trim();
        let stop = last.parse::<i64>().map_or_else(|_| format!("{last} + 1"), |last| last.saturating_add(1).to_string());
        let head = Span::new(line.span(0).start, colon.map_or(line.end, |colon| line.span(colon).end));
        return Repair::certain(Code::ForeignWord, span, message, vec![(head, format!("for {name} in range({first}, {stop}):"))]);
    }
    Repair::none(Code::ForeignWord, span, message, message!("counting-loop-help", name = name))
}

/// `for x of list:`, `for each x in list:`, `for x in list do`
pub(super) fn other_loop(line: &Line<'_>) -> Option<Repair> {
    let is_for = line.is(0, Lexeme::For) || (line.is_word(0) && foreign::spelled(line.text(0)) == Some("for"));
    if !is_for || line.is(1, Lexeme::OpenParen) {
        return None;
    }
    let mut edits = Vec::new();
    let mut odd = None;
    if line.is_word(0) {
        edits.push((line.span(0), "for".to_owned()));
    }
    let mut has_in = false;
    for at in 1..line.len() {
        let word = line.text(at).to_lowercase();
        match word.as_str() {
            "of" | "из" | "в" if !has_in && at > 1 => edits.push((line.span(at), "in".to_owned())),
            "each" | "every" | "каждого" | "каждой" | "let" | "var" | "const" if at == 1 => {
                edits.push((Span::new(line.span(at).start, line.span(at + 1).start), String::new()));
            }
            word if THEN.contains(&word) && at > 3 && (line.ends_operand(at - 1) || line.is(at - 1, Lexeme::BadNumber)) => {
                let colon = if line.is(at + 1, Lexeme::Colon) { "" } else { ":" };
                edits.push((Span::new(line.span(at - 1).end, line.span(at).end), colon.to_owned()));
            }
            // `for i in 1..5:`
            word if has_in && line.is(at, Lexeme::BadNumber) && word.contains("..") => {
                let (first, last) = word.split_once("..")?;
                let stop = last.parse::<i64>().ok()?.checked_add(1)?;
                edits.push((line.span(at), format!("range({first}, {stop})")));
            }
            _ => {
                has_in |= line.is(at, Lexeme::In);
                continue;
            }
        }
        has_in |= matches!(word.as_str(), "of" | "из" | "в");
        odd.get_or_insert(at);
    }
    let at = odd?;
    Repair::certain(Code::ForeignWord, line.span(at), message!("needless-word-in-for", word = line.text(at)), edits)
}
