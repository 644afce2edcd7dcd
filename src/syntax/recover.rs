//! What happens when a script did not parse as it is: every line is parsed by itself, so that all broken lines are
//! reported in one go; the mavibot dialect keeps the right side of a broken assignment as text (language.md section 7).

use std::cell::OnceCell;
use std::collections::HashSet;

use super::builder::TreeBuilder;
use super::layout::{self, Layout, LineExtent, head_end, starts_block};
use super::lexeme::{Lexed, Lexeme, lex_in, scan_placeholder};
use super::token::{Placed, Token};
use super::{Dialect, ParseOptions, Parsed, foreign, invisible, mistakes, parse_tokens, plain_code};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::wording::message;

/// More errors than this help nobody.
const MAX_ERRORS: usize = 50;
/// Text kept by the mavibot dialect is one warning a line, and `calc fix` mends them all.
const MAX_WARNINGS: usize = 10_000;
/// Of more functions of a script the names are not looked for.
const MOST_FUNCTIONS: usize = 1_000;
/// How often a script with a broken structure is parsed again after a line was set aside.
const MAX_STRUCTURAL: usize = 8;

pub(super) fn parse(source: &str, lexemes: Vec<Lexed>, options: ParseOptions<'_>) -> Parsed {
    let lenient = options.dialect == Dialect::Mavibot;
    let mut layout = Layout::new(source, options.nesting, lenient, lexemes.len());
    let mut lexemes = lexemes;
    let long_texts = mistakes::long_texts(source, &mut lexemes, options);
    let braces = mistakes::braces(source, &mut lexemes, options);
    layout.unmatched = layout::unmatched(&lexemes);
    let mut lines = LineParser {
        source,
        lexemes,
        options,
        // Text that was kept may make the rest lex again; a script that is nothing but that is given up.
        budget: source.len() * 8 + 100_000,
        has_broken_def: false,
        followers: &[],
        set_names: OnceCell::new(),
    };
    let mut at = 0;
    let (mut errors, mut counted) = (0, 0);
    while let Some(line) = layout.line(&lines.lexemes, at) {
        if let Some(diagnostic) = mistakes::separator(source, lines.lexemes[line.first_lexeme].start) {
            // What follows is a message and no code.
            layout.diagnostics.retain(|said| said.span.start < diagnostic.span.start);
            layout.diagnostics.push(diagnostic);
            layout.tokens.truncate(line.first);
            break;
        }
        at = lines.parse_line(&mut layout, line);
        layout.end_line(line);
        // A line that is re-parsed may take back what was said of it.
        let said = &layout.diagnostics[counted.min(layout.diagnostics.len())..];
        errors += said.iter().filter(|diagnostic| diagnostic.is_error()).count();
        counted = layout.diagnostics.len();
        if errors > MAX_ERRORS {
            break;
        }
        if lines.budget == 0 {
            layout.diagnostics.push(too_much_text(lines.lexemes[line.first_lexeme]));
            break;
        }
    }
    layout.finish();
    let mut diagnostics = std::mem::take(&mut layout.diagnostics);
    if let Some(braces) = braces {
        // What else is said of the same head follows from its brace.
        let head = braces.span;
        diagnostics.retain(|diagnostic| diagnostic.span.end <= head.start || diagnostic.span.start >= head.end);
        diagnostics.push(braces);
    }
    diagnostics.extend(long_texts);
    let mut parsed = structure(source, layout.tokens, options, &mut diagnostics, lines.has_broken_def);
    parsed.ast.deepest_block = layout.deepest;
    diagnostics.append(&mut parsed.diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    diagnostics.dedup_by(|second, first| second.code == first.code && second.span == first.span);
    keep_first(&mut diagnostics);
    Parsed { ast: parsed.ast, diagnostics, tokens: parsed.tokens }
}

/// Keeps the first errors, and of warnings as many as a real script may have.
pub(crate) fn keep_first(diagnostics: &mut Vec<Diagnostic>) {
    let (mut errors, mut warnings) = (0, 0);
    diagnostics.retain(|diagnostic| {
        let (count, most) = if diagnostic.is_error() { (&mut errors, MAX_ERRORS) } else { (&mut warnings, MAX_WARNINGS) };
        *count += 1;
        *count <= most
    });
}

fn too_much_text(lexed: Lexed) -> Diagnostic {
    Diagnostic::new(Code::UnquotedText, Span::new(lexed.start, lexed.end), message!("too-much-text")).help(message!("too-much-text-help"))
}

/// Parses the lines together; a line in a wrong place is reported and set aside.
fn structure(
    source: &str,
    mut tokens: Vec<Placed>,
    options: ParseOptions<'_>,
    diagnostics: &mut Vec<Diagnostic>,
    has_broken_def: bool,
) -> Parsed {
    let end = u32::try_from(source.len()).unwrap_or(u32::MAX);
    let mut reported = !diagnostics.is_empty();
    for _ in 0..MAX_STRUCTURAL {
        let mut builder = TreeBuilder::new(source, options.nesting);
        match parse_tokens(&mut builder, Token::Script, &tokens, end) {
            Ok(()) => {
                builder.ast.has_broken_def = has_broken_def;
                return Parsed { ast: builder.ast, diagnostics: builder.diagnostics, tokens };
            }
            Err(failure) => {
                let at = failure.at.min(tokens.len().saturating_sub(1));
                let from = tokens[..at].iter().rposition(|token| is_boundary(token.1)).map_or(0, |index| index + 1);
                let to = tokens[at..].iter().position(|token| token.1 == Token::Newline).map_or(tokens.len(), |index| at + index);
                let line = &tokens[from..to.max(from)];
                let diagnostic = match line.first() {
                    Some(&(start, token @ (Token::Else | Token::Elif), stop)) => {
                        let word = if token == Token::Else { "else" } else { "elif" };
                        Diagnostic::new(Code::ElseWithoutIf, Span::new(start, stop), message!("else-without-if", word = word))
                            .help(message!("else-without-if-help", word = word))
                    }
                    _ => mistakes::failure(source, &tokens, &failure),
                };
                // After other errors this may be a consequence of them only, and one report of a line is enough.
                let line_span = Span::new(line.first().map_or(0, |token| token.0), line.last().map_or(0, |token| token.2));
                let is_said = diagnostics.iter().any(|said| said.span.start < line_span.end && said.span.end > line_span.start);
                if !reported || (diagnostic.code == Code::ElseWithoutIf && !is_said) {
                    diagnostics.push(diagnostic);
                    reported = true;
                }
                let Some(&(start, first, _)) = line.first() else { break };
                let stop = line.last().map_or(start, |token| token.2);
                let first = if matches!(first, Token::Elif | Token::Else) { Token::If } else { first };
                let replacement = stand_in(first, has_body(line), start, stop);
                tokens.splice(from..to, replacement);
            }
        }
    }
    Parsed { ast: super::Ast::default(), diagnostics: Vec::new(), tokens: Vec::new() }
}

fn is_boundary(token: Token) -> bool {
    matches!(token, Token::Newline | Token::Indent | Token::Dedent)
}

/// Whether the head of a block has its body on the same line.
fn has_body(line: &[Placed]) -> bool {
    head_end(line).is_some_and(|colon| colon + 1 < line.len())
}

/// The tokens that take the place of a broken line and keep its block.
fn stand_in(first: Token, has_body: bool, start: u32, end: u32) -> Vec<Placed> {
    let error = (start, Token::Error, end);
    if !starts_block(first) {
        return vec![error];
    }
    let mut tokens = match first {
        Token::Elif => vec![(start, Token::Elif, start), error],
        Token::Else => vec![(start, Token::Else, start)],
        // A function without a name can be called by nobody.
        Token::Def => [Token::Def, Token::Name, Token::OpenParen, Token::CloseParen].map(|token| (start, token, start)).to_vec(),
        // A loop may hold a `break`.
        Token::While | Token::For => vec![(start, Token::While, start), error],
        _ => vec![(start, Token::If, start), error],
    };
    tokens.push((end, Token::Colon, end));
    if has_body {
        tokens.push(error);
    }
    tokens
}

struct LineParser<'a> {
    source: &'a str,
    lexemes: Vec<Lexed>,
    options: ParseOptions<'a>,
    budget: usize,
    has_broken_def: bool,
    /// Words that belong to a statement of another language that has been reported.
    followers: &'static [&'static str],
    /// The names that lines of the script set, found once: every broken line may ask.
    set_names: OnceCell<HashSet<String>>,
}

impl LineParser<'_> {
    /// Judges the line that was just laid out, and mends or replaces its tokens; returns the lexeme to continue with.
    fn parse_line(&mut self, layout: &mut Layout<'_>, line: LineExtent) -> usize {
        let from_diagnostic = self.first_diagnostic_of(layout, line);
        let mut next = line.next_lexeme;
        // One line may hold several unquoted texts only in `a = b c; d = e f`, where the first takes all.
        let end = self.lexemes.get(next).map_or(self.source.len(), |lexed| lexed.start as usize);
        self.budget = self.budget.saturating_sub(end.saturating_sub(self.lexemes[line.first_lexeme].start as usize));
        let tokens = layout.tokens[line.first..].to_vec();
        let Some(&(start, first, _)) = tokens.first() else { return next };
        let stop = tokens.last().map_or(start, |token| token.2);
        let mut builder = TreeBuilder::new(self.source, self.options.nesting);
        let mut whole = tokens.clone();
        whole.push((stop, Token::Newline, stop));
        let result = parse_tokens(&mut builder, Token::Line, &whole, stop);
        let lexical: Vec<Diagnostic> = layout.diagnostics[from_diagnostic..].to_vec();
        let problem = [
            result.as_ref().err().map(|failure| whole.get(failure.at).map_or(stop, |token| token.0)),
            lexical.iter().map(|diagnostic| diagnostic.span.start).min(),
            builder.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).map(|diagnostic| diagnostic.span.start).min(),
        ];
        let problem = problem
            .into_iter()
            .flatten()
            .min()
            .or_else(|| word_with_bracket(self.source, &tokens, self.options))
            .or_else(|| self.lone_else(&tokens));
        let Some(problem) = problem else { return next };
        if self.known_mistake(layout, line, problem, from_diagnostic, mistakes::of_code) {
            return next.max(line.first_lexeme + 1);
        }
        // What is past a limit is an error in every dialect.
        let may_keep = !lexical
            .iter()
            .chain(&builder.diagnostics)
            .any(|diagnostic| matches!(diagnostic.code, Code::UnclosedComment | Code::NestedTooDeep));
        if self.options.dialect == Dialect::Mavibot
            && may_keep
            && let Some(equals) = self.kept_from(&tokens, problem)
            && !self.is_plain_code(line, tokens[equals].2)
        {
            layout.diagnostics.truncate(from_diagnostic);
            return self.keep_text(layout, line, equals);
        }
        if self.known_mistake(layout, line, problem, from_diagnostic, mistakes::of_text) {
            return next.max(line.first_lexeme + 1);
        }
        if self.known_mistake(layout, line, problem, from_diagnostic, mistakes::of_several)
            || self.known_mistake(layout, line, problem, from_diagnostic, mistakes::of_plain_words)
        {
            return next.max(line.first_lexeme + 1);
        }
        if let Err(failure) = result {
            if first == Token::Def {
                self.has_broken_def = true;
            }
            if lexical.is_empty() {
                layout.diagnostics.push(mistakes::failure(self.source, &whole, &failure));
            }
            let heads_block = !starts_block(first) && mistakes::is_followed_by_block(self.source, start, stop);
            let first = if heads_block { Token::If } else { first };
            let replacement = stand_in(first, has_body(&whole[..whole.len() - 1]), start, stop);
            layout.tokens.splice(line.first.., replacement);
            layout.quiet = true;
        }
        // A quote that is not closed takes the closing bracket along.
        let said = &layout.diagnostics[from_diagnostic.min(layout.diagnostics.len())..];
        if let Some(open) = said.iter().find(|said| said.code == Code::UnclosedString).map(|said| said.span.start) {
            let mut at = 0;
            layout.diagnostics.retain(|said| {
                at += 1;
                at <= from_diagnostic || said.code != Code::UnclosedBracket || said.span.start > open
            });
        }
        if line.broken {
            next = next.max(line.first_lexeme + 1);
        }
        next
    }

    /// Says what is wrong with a line when one of the rules knows it, in place of all that was said before.
    fn known_mistake(
        &mut self,
        layout: &mut Layout<'_>,
        line: LineExtent,
        problem: u32,
        from_diagnostic: usize,
        rules: fn(&mistakes::Line<'_>) -> Option<mistakes::Found>,
    ) -> bool {
        let last = if line.broken { self.end_of_physical_line(line) } else { line.next_lexeme };
        if self.mistake_in_placeholder(layout, line, problem, from_diagnostic) {
            return true;
        }
        let lexemes = &self.lexemes[line.first_lexeme..last.max(line.first_lexeme)];
        let Some(broken) = mistakes::Line::new(self.source, lexemes, problem, self.options) else { return false };
        let word = broken.text(0);
        let follows = self.followers.contains(&word.to_lowercase().as_str());
        let Some(found) = (if follows { None } else { rules(&broken) }) else {
            if !follows {
                return false;
            }
            self.set_aside(layout, line, None, from_diagnostic);
            return true;
        };
        self.followers = mistakes::followers(word);
        self.set_aside(layout, line, found.mended, from_diagnostic);
        layout.diagnostics.push(found.diagnostic);
        true
    }

    /// The same for what a `#{}` of a text holds, where the problem is.
    fn mistake_in_placeholder(&mut self, layout: &mut Layout<'_>, line: LineExtent, problem: u32, from_diagnostic: usize) -> bool {
        let at = self.lexemes.partition_point(|lexed| lexed.end <= problem);
        let Some(text) = self.lexemes.get(at).filter(|lexed| lexed.kind == Lexeme::Quoted && lexed.start < problem) else { return false };
        let bytes = self.source.as_bytes();
        let opens = self.source.get(text.start as usize..problem as usize).unwrap_or_default().rmatch_indices("#{");
        let inner = opens.map(|(open, _)| text.start as usize + open + 2).find_map(|from| {
            let end = scan_placeholder(bytes, from, true)?;
            (end > problem as usize && end <= text.end as usize).then_some((from, end - 1))
        });
        let Some((from, to)) = inner else { return false };
        let Some(found) = in_placeholder(self.source, from, to, problem, self.options) else { return false };
        self.set_aside(layout, line, None, from_diagnostic);
        layout.diagnostics.push(found);
        true
    }

    /// `Иначе` or `КонецЕсли` on a line of its own, which parses as a name.
    fn lone_else(&self, tokens: &[Placed]) -> Option<u32> {
        let ([(start, Token::Name, end)] | [(start, Token::Name, end), (_, Token::Semicolon, _)]) = *tokens else { return None };
        let word = self.source.get(start as usize..end as usize)?;
        let lower = word.to_lowercase();
        let is_head = || mistakes::begins_block(&lower) && mistakes::is_followed_by_block(self.source, start, end);
        (self.followers.contains(&lower.as_str()) || foreign::spelled(word) == Some("else") || mistakes::is_block_end(&lower) || is_head())
            .then_some(start)
    }

    /// Puts a stand-in for a line that is reported, and keeps the block that belongs to it.
    fn set_aside(&mut self, layout: &mut Layout<'_>, line: LineExtent, mended: Option<mistakes::Mended>, from_diagnostic: usize) {
        layout.diagnostics.truncate(from_diagnostic);
        let tokens = &layout.tokens[line.first..];
        let Some(&(start, written, _)) = tokens.first() else { return };
        let end = tokens.last().map_or(start, |token| token.2);
        let ends_in_colon = tokens.last().is_some_and(|token| token.1 == Token::Colon)
            || (mended.is_none() && mistakes::is_followed_by_block(self.source, start, end));
        let first = mended.map_or(if ends_in_colon && !starts_block(written) { Token::If } else { written }, |mended| mended.first);
        let has_body = mended.map_or_else(|| has_body(tokens), |mended| mended.has_body);
        self.has_broken_def |= first == Token::Def;
        let replacement = stand_in(first, has_body, start, end);
        layout.tokens.splice(line.first.., replacement);
        layout.quiet = true;
    }

    /// The lexeme that ends the physical line on which a line begins.
    fn end_of_physical_line(&self, line: LineExtent) -> usize {
        let from = line.first_lexeme;
        self.lexemes[from..].iter().position(|lexed| lexed.kind == Lexeme::Newline).map_or(self.lexemes.len(), |index| from + index)
    }

    /// What the layout pass has said of this line so far, its indentation aside.
    fn first_diagnostic_of(&self, layout: &Layout<'_>, line: LineExtent) -> usize {
        let start = self.lexemes[line.first_lexeme].start;
        let is_of_line = |diagnostic: &Diagnostic| diagnostic.span.start >= start;
        layout.diagnostics.iter().rposition(|diagnostic| !is_of_line(diagnostic)).map_or(0, |index| index + 1)
    }

    /// Where the `=` is whose right side is kept as text, when the statement with the problem allows it.
    fn kept_from(&self, tokens: &[Placed], problem: u32) -> Option<usize> {
        let mut from = 0;
        if tokens.first().is_some_and(|token| starts_block(token.1)) {
            let colon = head_end(tokens)?;
            if tokens[colon].0 >= problem {
                return None;
            }
            from = colon + 1;
        }
        let mut depth = 0_u32;
        for (index, token) in tokens.iter().enumerate().skip(from) {
            if token.0 >= problem {
                break;
            }
            match token.1 {
                Token::OpenParen | Token::OpenBracket | Token::OpenBrace | Token::HashBrace => depth += 1,
                Token::CloseParen | Token::CloseBracket | Token::CloseBrace => depth = depth.saturating_sub(1),
                Token::Semicolon if depth == 0 => from = index + 1,
                _ => {}
            }
        }
        let statement = &tokens[from..];
        if !matches!(statement.first()?.1, Token::Name | Token::Scoped(_)) {
            return None;
        }
        let mut equals = 1;
        let mut open = 0_u32;
        while let Some(token) = statement.get(equals) {
            match token.1 {
                Token::OpenBracket => open += 1,
                Token::CloseBracket => open = open.saturating_sub(1),
                Token::Assign if open == 0 => break,
                _ if open == 0 => return None,
                _ => {}
            }
            equals += 1;
        }
        let value = statement.get(equals)?.2 as usize;
        if statement[equals].0 >= problem {
            return None;
        }
        let rest = self.source[value..].trim_start_matches([' ', '\t', '\u{a0}']);
        if rest.starts_with(['\'', '"', '[', '{', '“', '”', '‘', '’', '«', '»', '„']) || rest.is_empty() {
            return None;
        }
        let word: String = rest.chars().take_while(|character| *character == '_' || unicode_ident::is_xid_continue(*character)).collect();
        let is_call = rest[word.len()..].trim_start_matches([' ', '\t']).starts_with('(');
        let is_function = matches!(word.as_str(), "if" | "del") || (self.options.is_function)(&word);
        if is_call && is_function { None } else { Some(from + equals) }
    }

    /// Whether the rest of a physical line, from a byte on, is code in every dialect and never kept as text.
    fn is_plain_code(&self, line: LineExtent, from: u32) -> bool {
        let first = self.lexemes.partition_point(|lexed| lexed.start < from);
        let last = self.end_of_physical_line(line);
        let set = self.set_names.get_or_init(|| plain_code::set_names(self.source, &self.lexemes));
        plain_code::is_plain(self.source, set, self.lexemes.get(first..last).unwrap_or_default(), self.options)
    }

    /// Makes the text from the `=` to the end of its physical line the value; returns the lexeme to continue with.
    fn keep_text(&mut self, layout: &mut Layout<'_>, line: LineExtent, equals: usize) -> usize {
        let equals = line.first + equals;
        let value = layout.tokens[equals].2 as usize;
        let mut end = self.source[value..].find(invisible::ends_line).map_or(self.source.len(), |length| value + length);
        // A comment that goes on over lines does not end the line.
        if let Some(open) = self.source[value..end].rfind("/*")
            && !self.source[value + open..end].contains("*/")
        {
            let after = self.source[end..].find("*/").map_or(self.source.len(), |length| end + length + 2);
            end = self.source[after..].find('\n').map_or(self.source.len(), |length| after + length);
        }
        layout.tokens.truncate(equals + 1);
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let text = self.source[value..end].trim();
        let start = value + self.source[value..end].find(text).unwrap_or(0);
        let span = Span::new(byte(start), byte(start + text.len()));
        layout.tokens.push((span.start, Token::RawText, span.end));
        layout.diagnostics.push(kept_as_text(text, span));
        let next = self.lexemes.partition_point(|lexed| (lexed.start as usize) < end);
        // A lexeme that goes over the end of the line, such as a quote in the text, is lexed again from there.
        if next > 0 && self.lexemes[next - 1].end as usize > end {
            self.budget = self.budget.saturating_sub(self.source.len() - end);
            self.lexemes.truncate(next);
            self.lexemes.extend(lex_in(self.options.dialect, self.source, end, self.source.len()));
            layout.unmatched = layout::unmatched(&self.lexemes);
            return self.lexemes[next..]
                .iter()
                .position(|lexed| lexed.kind == Lexeme::Newline)
                .map_or(self.lexemes.len(), |index| next + index);
        }
        next
    }
}

/// What the rules know of what a `#{}` holds.
fn in_placeholder(source: &str, from: usize, to: usize, problem: u32, options: ParseOptions<'_>) -> Option<Diagnostic> {
    let lexemes = lex_in(options.dialect, source, from, to);
    let broken = mistakes::Line::new(source, &lexemes, problem, options)?;
    let rules = [mistakes::of_code, mistakes::of_text, mistakes::of_several];
    rules.iter().find_map(|rules| rules(&broken)).map(|found| found.diagnostic)
}

/// Says of the broken `#{}` of a message what the rules know of them, one report each.
pub(super) fn explain_placeholders(source: &str, from: usize, options: ParseOptions<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if !diagnostics.iter().any(Diagnostic::is_error) {
        return;
    }
    let bytes = source.as_bytes();
    let mut at = from;
    while let Some(open) = source.get(at..).and_then(|rest| rest.find("#{")).map(|length| at + length + 2) {
        at = open;
        let is_literal = bytes[..open - 2].last() == Some(&b'\\');
        let Some(end) = (if is_literal { None } else { scan_placeholder(bytes, open, true) }) else { continue };
        at = end;
        let inside = |said: &Diagnostic| said.is_error() && (open..end).contains(&(said.span.start as usize));
        let Some(problem) = diagnostics.iter().filter(|said| inside(said)).map(|said| said.span.start).min() else { continue };
        if let Some(found) = in_placeholder(source, open, end - 1, problem, options) {
            diagnostics.retain(|said| !inside(said));
            diagnostics.push(found);
        }
    }
}

/// The warning of text that was kept, with its quoted form. A fix leaves its comments behind it.
fn kept_as_text(text: &str, span: Span) -> Diagnostic {
    let (text, comments) = without_comments(text);
    let quoted = mistakes::quoted(&text);
    let fixed = comments.iter().fold(quoted.clone(), |fixed, comment| format!("{fixed} {comment}"));
    Diagnostic::new(Code::KeptAsText, span, message!("kept-as-text"))
        .help(message!("write-in-quotes-help", quoted = quoted.as_str()))
        .fix(span, fixed)
}

/// The text as it is kept, and its comments, which count for nothing.
fn without_comments(text: &str) -> (String, Vec<&str>) {
    let mut out = String::with_capacity(text.len());
    let mut comments = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("/*") {
        let Some(length) = rest[open..].find("*/") else { break };
        let end = open + length + 2;
        out.push_str(&rest[..open]);
        comments.push(&rest[open..end]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    (out.trim().to_owned(), comments)
}

/// Whether a script of the vendor's dialect has a text that looks like a call: `answer = Yes (of course)`.
pub(super) fn has_words_with_bracket(source: &str, tokens: &[Placed], options: ParseOptions<'_>) -> bool {
    word_with_bracket(source, tokens, options).is_some()
}

/// The first word behind a `=` that names no function and has a space and a bracket behind it (language.md section 7).
/// A word of another language is code.
fn word_with_bracket(source: &str, tokens: &[Placed], options: ParseOptions<'_>) -> Option<u32> {
    if options.dialect != Dialect::Mavibot {
        return None;
    }
    let candidates = tokens.windows(3).filter_map(|three| {
        let [(_, Token::Assign, _), (start, Token::Name, end), (bracket, Token::OpenParen, _)] = *three else { return None };
        (bracket > end).then_some((start, end))
    });
    let mut defined: Option<Vec<&str>> = None;
    for (start, end) in candidates {
        let word = source.get(start as usize..end as usize)?;
        let defined = defined.get_or_insert_with(|| defined_functions(source));
        if !(options.is_function)(word) && foreign::called(word).is_none() && !defined.contains(&word) {
            return Some(start);
        }
    }
    None
}

/// The names behind every `def` of a script.
fn defined_functions(source: &str) -> Vec<&str> {
    let name =
        |rest: &'_ str| rest.find(|character: char| character != '_' && !unicode_ident::is_xid_continue(character)).unwrap_or(rest.len());
    source.match_indices("def ").take(MOST_FUNCTIONS).map(|(at, _)| source[at + 4..].trim_start()).map(|rest| &rest[..name(rest)]).collect()
}
