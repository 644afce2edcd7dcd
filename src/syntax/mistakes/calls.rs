//! Calls and members with a dot, calls without brackets, and values of objects that are functions here.

use super::line::{Line, Repair};
use crate::diagnostic::{Code, Span};
use crate::syntax::Dialect;
use crate::syntax::foreign::{self, Meant};
use crate::syntax::lexeme::Lexeme;
use crate::syntax::names;
use crate::wording::{Message, message};

/// Methods that change what they are called on, elsewhere.
const CHANGERS: &[&str] = &["append", "insert", "remove", "sort", "set"];

/// What a function of another language is called here, when there is such a function.
fn function(line: &Line<'_>, name: &str) -> Option<String> {
    if line.is_function(name) {
        return Some(name.to_owned());
    }
    if let Some(latin) = names::latin(name).filter(|latin| line.is_function(latin)) {
        return Some(latin);
    }
    match foreign::called(name)? {
        Meant::Function(meant) | Meant::OfList(meant) if line.is_function(meant) => Some(meant.to_owned()),
        _ => None,
    }
}

/// Objects of other languages whose functions stand alone here: `Math.round(x)`.
const MODULES: &[&str] = &[
    "math", "json", "console", "string", "number", "object", "array", "date", "random", "datetime", "re", "window", "document", "system",
    "os", "np", "time",
];

/// `'abc'.upper()`, `goods.append('tea')`, `goods.length`, `Math.round(5.6)`, all of the line at once.
pub(super) fn dots(line: &Line<'_>) -> Option<Repair> {
    let mut text = line.at(line.whole()).to_owned();
    let mut first: Option<(Span, Message)> = None;
    let mut is_certain = true;
    // Each round takes one dot out and looks at what is left.
    for _ in 0..8 {
        let lexemes = crate::syntax::lexeme::lex(&text, 0, text.len());
        let inner = Line::new(&text, &lexemes, 0, line.options)?;
        let Some(at) = (1..inner.len()).find(|at| inner.is(*at, Lexeme::Dot) && inner.is_word(*at + 1) && inner.ends_operand(*at - 1))
        else {
            break;
        };
        let Some(change) = one_dot(&inner, at) else { break };
        if first.is_none() {
            let offset = line.start();
            let span = Span::new(change.span.start + offset, change.span.end + offset);
            first = Some((span, change.message));
        }
        is_certain &= change.is_certain;
        let (from, to) = (change.place.start as usize, change.place.end as usize);
        text.replace_range(from..to, &change.replacement);
    }
    let (span, message) = first?;
    let repair = Repair::certain(Code::MethodCall, span, message, vec![(line.whole(), text)])?;
    Some(Repair { is_certain, ..repair })
}

struct Change {
    span: Span,
    message: Message,
    place: Span,
    replacement: String,
    is_certain: bool,
}

fn one_dot(line: &Line<'_>, at: usize) -> Option<Change> {
    let name = line.text(at + 1);
    let start = line.operand_start(at - 1)?;
    let object = line.at(line.spans(start, at - 1));
    let is_call = line.is(at + 2, Lexeme::OpenParen);
    let is_module = start == at - 1 && MODULES.contains(&object.to_lowercase().as_str());
    if is_module && MODULES.contains(&name) && line.is(at + 2, Lexeme::Dot) {
        let place = line.spans(start, at);
        let message = message!("called-without-object", function = name, object = object);
        return Some(Change { span: place, message, place, replacement: String::new(), is_certain: true });
    }
    if !is_call {
        // Other members are entries or variables: `order.sum` adds nothing up.
        let is_length = matches!(name.to_lowercase().as_str(), "length" | "len" | "size" | "count");
        let meant = function(line, name).filter(|_| is_length && !line.is(at + 2, Lexeme::Assign))?;
        let place = line.spans(start, at + 1);
        return Some(Change {
            span: place,
            message: message!("member-is-function", function = &meant),
            place,
            replacement: format!("{meant}({object})"),
            is_certain: true,
        });
    }
    let close = line.closing(at + 2)?;
    let arguments = line.at(Span::new(line.span(at + 2).end, line.span(close).start)).trim();
    let place = line.spans(start, close);
    // What a browser's console is told, whatever its function is called, is printed here; `log` alone is a logarithm.
    let is_console = is_module && object.eq_ignore_ascii_case("console");
    if is_module && let Some(Meant::Variable(meant)) = foreign::called(name) {
        return Some(Change {
            span: line.spans(start, at + 1),
            message: message!("written-here", written = line.at(place), meant = meant),
            place,
            replacement: meant.to_owned(),
            // The clock of JavaScript counts milliseconds.
            is_certain: !(object == "Date" && name == "now"),
        });
    }
    let counts = name == "count" && !arguments.is_empty() && line.is_function("count_occurrences");
    let meant = if is_console {
        "print".to_owned()
    } else if counts {
        "count_occurrences".to_owned()
    } else {
        function(line, name)?
    };
    if is_module && meant == "random" && arguments.is_empty() {
        return Some(Change {
            span: line.spans(start, at + 1),
            message: message!("called-without-object", function = &meant, object = object),
            place,
            replacement: "random(1, 100)".to_owned(),
            is_certain: false,
        });
    }
    if is_module {
        return Some(Change {
            span: line.spans(start, at + 1),
            message: message!("called-without-object", function = &meant, object = object),
            place,
            replacement: format!("{meant}({arguments})"),
            is_certain: true,
        });
    }
    // `', '.join(list)`: what is joined comes first here.
    let is_swapped = meant == "join" && !arguments.is_empty() && line.is(at - 1, Lexeme::Quoted);
    let call = if is_swapped {
        format!("{meant}({arguments}, {object})")
    } else if arguments.is_empty() {
        format!("{meant}({object})")
    } else {
        format!("{meant}({object}, {arguments})")
    };
    let is_alone = start == 0 && matches!(line.kind(close + 1), None | Some(Lexeme::Semicolon));
    let replacement = if is_alone && CHANGERS.contains(&meant.as_str()) { format!("{object} = {call}") } else { call };
    Some(Change {
        span: line.spans(start, at + 1),
        message: message!("called-with-dot", function = &meant),
        place,
        replacement,
        // Other languages count and order the arguments of these in their own way.
        is_certain: (name == meant && !foreign::differs(name))
            || (matches!(meant.as_str(), "upper" | "lower" | "strip" | "len" | "append" | "join" | "splitter" | "contains")
                && !foreign::differs(name)),
    })
}

/// `Client.city`, `deal.x`, `order.budget = 500`.
pub(super) fn members(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len())
        .find(|at| line.is(*at, Lexeme::Dot) && line.is_word(*at - 1) && line.is_word(*at + 1) && !line.is(*at + 2, Lexeme::OpenParen))?;
    // A link without quotes is a text.
    if super::texts::is_link_at(line, at) {
        return None;
    }
    let object = line.text(at - 1);
    let member = line.text(at + 1);
    let span = line.spans(at - 1, at + 1);
    let is_set = at == 1 && line.is(3, Lexeme::Assign);
    if let Some(meant) = names::latin(object).filter(|meant| matches!(meant.as_str(), "client" | "Client" | "project" | "Project")) {
        let place = line.span(at - 1);
        return Repair::certain(Code::MixedAlphabets, place, names::odd_letters(object, &meant), vec![(place, meant.to_lowercase())]);
    }
    match object.to_lowercase().as_str() {
        "client" | "клиент" | "clients" | "user" | "contact" | "lead_client" => Repair::certain(
            Code::MethodCall,
            span,
            message!("client-prefix", object = object),
            vec![(line.span(at - 1), "client".to_owned())],
        ),
        "project" | "проект" | "bot" | "global" => Repair::certain(
            Code::MethodCall,
            span,
            message!("project-prefix", object = object),
            vec![(line.span(at - 1), "project".to_owned())],
        ),
        "deal" | "order" | "сделка" | "заказ" | "lead" => {
            let setter = match member {
                "budget" | "price" | "sum" | "бюджет" => Some("set_order_budget"),
                "name" | "title" | "название" => Some("set_order_name"),
                "state" | "state_id" | "stage" | "status" => Some("change_state"),
                _ => None,
            };
            let message = message!("deal-without-prefix");
            if let Some(setter) = setter.filter(|setter| is_set && line.is_function(setter)) {
                let value = line.rest(line.span(3).end).trim();
                return Repair::certain(
                    Code::MethodCall,
                    span,
                    message!("deal-set-with-function", member = member),
                    vec![(line.whole(), format!("{setter}({value})"))],
                );
            }
            if member == "id" && !is_set {
                return Repair::certain(Code::MethodCall, span, message!("deal-id-function"), vec![(span, "get_order_id()".to_owned())]);
            }
            Repair::certain(Code::MethodCall, span, message, vec![(span, member.to_owned())])
        }
        "self" | "this" | "window" | "math" | "console" | "contact_info" => {
            Repair::none(Code::MethodCall, span, message!("no-such-word", word = object), message!("no-objects-help"))
        }
        // `файл.txt` is a text of the vendor's dialect.
        _ if line.options.dialect == Dialect::Mavibot && !is_set && !is_set_above(line, object) => None,
        _ => {
            let entry = format!("{object}['{member}']");
            let repair = Repair::likely(Code::MethodCall, span, message!("dot-reads-no-entry"), vec![(span, entry)])?;
            Some(repair)
        }
    }
}

/// Whether some line of the script sets a name.
fn is_set_above(line: &Line<'_>, name: &str) -> bool {
    line.source.match_indices(name).any(|(at, _)| {
        let before = line.source[..at].chars().next_back();
        let rest = line.source[at + name.len()..].trim_start_matches([' ', '\t']);
        before.is_none_or(|character| character.is_whitespace() || character == ';')
            && ((rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with("in "))
    })
}

/// `d.pop('a')`, whose function is not here by any name.
pub(super) fn unknown_method(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len()).find(|at| {
        line.is(*at, Lexeme::Dot) && line.is_word(*at + 1) && line.is(*at + 2, Lexeme::OpenParen) && line.ends_operand(*at - 1)
    })?;
    let name = line.text(at + 1);
    if function(line, name).is_some() || super::texts::is_link_at(line, at) {
        return None;
    }
    let start = line.operand_start(at - 1)?;
    let help = match foreign::called(name) {
        Some(Meant::Otherwise(instead)) => Message::new(instead, Vec::new()),
        _ => message!("unknown-function-help"),
    };
    Repair::none(Code::MethodCall, line.spans(start, at + 1), message!("unknown-function", name = name), help)
}

/// `print x`, `set_note 'text'`.
pub(super) fn without_brackets(line: &Line<'_>) -> Option<Repair> {
    if !line.is_word(0) {
        return None;
    }
    let name = line.text(0);
    let meant = function(line, name).or_else(|| Some(name.to_lowercase()).filter(|lower| line.is_function(lower)))?;
    let begins = matches!(
        line.kind(1),
        Some(Lexeme::Name | Lexeme::Quoted | Lexeme::Integer | Lexeme::Float | Lexeme::ClientName | Lexeme::HashBrace)
    ) && !line.touch(0);
    if !begins || line.equals().is_some() {
        return None;
    }
    let end = if line.is(line.len() - 1, Lexeme::Semicolon) { line.len() - 2 } else { line.len() - 1 };
    let arguments = line.at(line.spans(1, end));
    Repair::certain(
        Code::MissingBrackets,
        line.span(0),
        message!("arguments-need-brackets", function = &meant),
        vec![(line.spans(0, end), format!("{meant}({arguments})"))],
    )
}

/// `for i in range 5:`
pub(super) fn function_before_value(line: &Line<'_>) -> Option<Repair> {
    // `x = max speed` is a text of the vendor's dialect.
    if line.options.dialect == Dialect::Mavibot && line.equals().is_some() {
        return None;
    }
    let at = (1..line.len()).find(|at| {
        line.is_word(*at)
            && line.is_function(line.text(*at))
            && matches!(line.kind(*at + 1), Some(Lexeme::Integer | Lexeme::Float | Lexeme::Quoted | Lexeme::Name))
            && !line.touch(*at)
            && matches!(line.kind(*at + 2), None | Some(Lexeme::Colon | Lexeme::Semicolon))
            && !line.ends_operand(*at - 1)
    })?;
    let name = line.text(at);
    let call = format!("{name}({})", line.text(at + 1));
    let message = message!("arguments-need-brackets", function = name);
    Repair::certain(Code::MissingBrackets, line.span(at), message, vec![(line.spans(at, at + 1), call)])
}

/// `def f:`
pub(super) fn def_without_brackets(line: &Line<'_>) -> Option<Repair> {
    let is_def = line.is(0, Lexeme::Def) && line.is_word(1) && matches!(line.kind(2), None | Some(Lexeme::Colon));
    let end = line.span(1).end;
    let message = message!("def-without-brackets", name = line.text(1));
    if is_def { Repair::certain(Code::MissingBrackets, line.span(1), message, vec![(Span::new(end, end), "()".to_owned())]) } else { None }
}

/// `goods.map(x => x * 2)`, `goods.filter(x => x > 1)`
pub(super) fn arrow_in_method(line: &Line<'_>) -> Option<Repair> {
    let at = (1..line.len())
        .find(|at| line.is(*at, Lexeme::Dot) && matches!(line.text(*at + 1), "map" | "filter") && line.is(*at + 2, Lexeme::OpenParen))?;
    let close = line.closing(at + 2)?;
    let start = line.operand_start(at - 1)?;
    let list = line.at(line.spans(start, at - 1));
    let (variable, arrow) = if line.is(at + 3, Lexeme::OpenParen) { (at + 4, at + 6) } else { (at + 3, at + 4) };
    let is_arrow = line.is_word(variable) && line.is(arrow, Lexeme::Assign) && line.is(arrow + 1, Lexeme::Greater);
    if !is_arrow || line.is(arrow + 2, Lexeme::OpenBrace) {
        return None;
    }
    let name = line.text(variable);
    let body = line.at(Span::new(line.span(arrow + 2).start, line.span(close).start)).trim();
    let made = if line.text(at + 1) == "map" {
        format!("[{body} for {name} in {list}]")
    } else {
        format!("[{name} for {name} in {list} if {body}]")
    };
    Repair::certain(Code::ForeignWord, line.spans(arrow, arrow + 1), message!("arrow-function"), vec![(line.spans(start, close), made)])
}

/// `if typeof x == 'number':`
pub(super) fn type_of(line: &Line<'_>) -> Option<Repair> {
    let at = (0..line.len()).find(|at| line.is_word(*at) && matches!(line.text(*at), "typeof" | "sizeof") && line.is_word(*at + 1))?;
    let meant = function(line, line.text(at))?;
    let span = line.spans(at, at + 1);
    let call = format!("{meant}({})", line.text(at + 1));
    let repair = Repair::likely(
        Code::ForeignWord,
        span,
        message!("word-is-function", word = line.text(at), function = &meant),
        vec![(span, call.clone())],
    )?;
    Some(repair.help(message!("type-of-help", call = call)))
}
