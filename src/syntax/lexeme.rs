//! The lexer: from text to lexemes (language.md section 1). Says what stands where, checks nothing.

use logos::{FilterResult, Lexer, Logos};

use super::Dialect;

/// A kind of lexeme. The `Bad…` kinds are reported by the layout pass, which knows where they matter.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(skip r"[ \t\r\f\u{a0}]+")]
// Invisible characters and unusual spaces of pasted text are spaces; `invisible` reports them.
#[logos(skip r"[\u{feff}\u{200b}\u{2060}-\u{2064}\u{ad}\u{200e}\u{200f}\u{61c}\u{180e}\u{202a}-\u{202e}\u{2066}-\u{206f}]+")]
#[logos(skip r"[\u{1680}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}]+")]
#[logos(skip r"\\[ \t\r]*\n")]
pub enum Lexeme {
    /// `# ...` to the end of the line; never among the lexemes of a script.
    #[regex("#([^\\n{][^\\n]*)?", allow_greedy = true)]
    Comment,
    #[token("\n")]
    #[token("\u{2028}")]
    #[token("\u{2029}")]
    Newline,
    #[token("/*", block_comment)]
    BadComment,

    #[regex(r"[\p{XID_Start}_]\p{XID_Continue}*")]
    Name,
    #[regex(r"(client|клиент)\.[\p{XID_Start}_]\p{XID_Continue}*", priority = 20)]
    ClientName,
    #[regex(r"(project|проект)\.[\p{XID_Start}_]\p{XID_Continue}*", priority = 20)]
    ProjectName,
    #[regex(r"[0-9]+(_[0-9]+)*", priority = 10)]
    Integer,
    #[regex(r"([0-9]+(_[0-9]+)*)?\.[0-9]+(_[0-9]+)*([eE][+-]?[0-9]+)?", priority = 10)]
    #[regex(r"[0-9]+(_[0-9]+)*[eE][+-]?[0-9]+", priority = 10)]
    Float,
    #[regex(r"[0-9][\p{XID_Continue}.]*", priority = 2)]
    BadNumber,
    #[token("'", quoted)]
    #[token("\"", quoted)]
    Quoted,
    #[regex("[“”„‘’«»`]", curly_quoted)]
    CurlyQuoted,
    #[token("#{", hash_brace)]
    HashBrace,
    /// `#{q#{i}}` as a whole.
    DynamicName,
    BadQuoted,
    BadPlaceholder,

    #[token("if")]
    If,
    #[token("elif")]
    Elif,
    #[token("else")]
    Else,
    #[token("for")]
    For,
    #[token("in")]
    In,
    #[token("while")]
    While,
    #[token("break")]
    Break,
    #[token("continue")]
    Continue,
    #[token("pass")]
    Pass,
    #[token("def")]
    Def,
    #[token("return")]
    Return,
    #[token("del")]
    Del,
    #[token("and")]
    #[token("AND")]
    #[token("&&")]
    And,
    #[token("or")]
    #[token("OR")]
    #[token("||")]
    Or,
    #[token("not")]
    #[token("NOT")]
    #[token("!")]
    Not,
    #[token("True")]
    #[token("true")]
    True,
    #[token("False")]
    #[token("false")]
    False,
    #[token("None")]
    #[token("none")]
    #[token("null")]
    None,

    #[token("==")]
    Equal,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("//")]
    DoubleSlash,
    #[token("%")]
    Percent,
    #[token("^")]
    #[token("**")]
    Power,
    #[token("=")]
    Assign,
    #[token("+=")]
    AddAssign,
    #[token("-=")]
    SubtractAssign,
    #[token("*=")]
    MultiplyAssign,
    #[token("/=")]
    DivideAssign,
    #[token("//=")]
    FloorDivideAssign,
    #[token("%=")]
    RemainderAssign,
    #[token("^=")]
    #[token("**=")]
    PowerAssign,

    #[token("(")]
    OpenParen,
    #[token(")")]
    CloseParen,
    #[token("[")]
    OpenBracket,
    #[token("]")]
    CloseBracket,
    #[token("{")]
    OpenBrace,
    #[token("}")]
    CloseBrace,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(";")]
    Semicolon,
    #[token(".")]
    Dot,
    /// A character that means nothing.
    BadCharacter,
}

/// A lexeme and its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Lexed {
    pub kind: Lexeme,
    pub start: u32,
    pub end: u32,
}

impl Lexeme {
    /// Whether it is a word of the language, in any of its spellings.
    pub fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::If
                | Self::Elif
                | Self::Else
                | Self::For
                | Self::In
                | Self::While
                | Self::Break
                | Self::Continue
                | Self::Pass
                | Self::Def
                | Self::Return
                | Self::Del
                | Self::And
                | Self::Or
                | Self::Not
                | Self::True
                | Self::False
                | Self::None
        )
    }

    /// Whether it is a sign that calculates, compares or assigns.
    pub fn is_operator(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessEqual
                | Self::Greater
                | Self::GreaterEqual
                | Self::Plus
                | Self::Minus
                | Self::Star
                | Self::Slash
                | Self::DoubleSlash
                | Self::Percent
                | Self::Power
                | Self::Assign
                | Self::AddAssign
                | Self::SubtractAssign
                | Self::MultiplyAssign
                | Self::DivideAssign
                | Self::FloorDivideAssign
                | Self::RemainderAssign
                | Self::PowerAssign
        )
    }
}

/// The lexemes of `source[from..to]`, with places in the whole source.
pub fn lex(source: &str, from: usize, to: usize) -> Vec<Lexed> {
    lex_in(Dialect::Strict, source, from, to)
}

/// The same in a dialect: in `mavibot` a `#` behind a `=` belongs to the text that is set (L1.2).
pub fn lex_in(dialect: Dialect, source: &str, from: usize, to: usize) -> Vec<Lexed> {
    let text = &source[from..to];
    let mut lexer = Lexeme::lexer(text);
    let mut lexemes = Vec::with_capacity(text.len() / 4 + 2);
    let offset = u32::try_from(from).unwrap_or(u32::MAX);
    let mut line = LineSoFar::default();
    while let Some(result) = lexer.next() {
        let span = lexer.span();
        #[allow(clippy::cast_possible_truncation, reason = "a source is at most 4 GiB")]
        let (start, end) = (offset + span.start as u32, offset + span.end as u32);
        let mut kind = result.unwrap_or(Lexeme::BadCharacter);
        if kind == Lexeme::Comment {
            if dialect == Dialect::Strict || !line.sets_text() {
                continue;
            }
            // What goes to the end of the line is not code, so it needs no lexemes of its own.
            kind = Lexeme::BadCharacter;
        }
        line.add(kind);
        match lexemes.last_mut() {
            // One complaint for a run of odd characters is enough.
            Some(Lexed { kind: Lexeme::BadCharacter, end: last, .. }) if kind == Lexeme::BadCharacter && *last == start => *last = end,
            _ => lexemes.push(Lexed { kind, start, end }),
        }
    }
    lexemes
}

/// What has been read of a line.
#[derive(Default)]
struct LineSoFar {
    depth: u32,
    has_assignment: bool,
}

impl LineSoFar {
    fn add(&mut self, kind: Lexeme) {
        match kind {
            Lexeme::Newline => *self = Self::default(),
            Lexeme::OpenParen | Lexeme::OpenBracket | Lexeme::OpenBrace | Lexeme::HashBrace => self.depth += 1,
            Lexeme::CloseParen | Lexeme::CloseBracket | Lexeme::CloseBrace => self.depth = self.depth.saturating_sub(1),
            Lexeme::Assign if self.depth == 0 => self.has_assignment = true,
            _ => {}
        }
    }

    /// Whether it sets a variable and no bracket is open.
    const fn sets_text(&self) -> bool {
        self.has_assignment && self.depth == 0
    }
}

fn block_comment(lexer: &mut Lexer<'_, Lexeme>) -> FilterResult<(), ()> {
    if let Some(length) = lexer.remainder().find("*/") {
        lexer.bump(length + 2);
        FilterResult::Skip
    } else {
        lexer.bump(lexer.remainder().len());
        FilterResult::Emit(())
    }
}

fn curly_quoted(lexer: &mut Lexer<'_, Lexeme>) {
    let rest = lexer.remainder();
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    if let Some((at, closing)) = line.char_indices().find(|(_, character)| closes_quote(lexer.slice(), *character)) {
        lexer.bump(at + closing.len_utf8());
    }
}

/// Whether a character closes a text that one of the characters that are not quotes here opened.
fn closes_quote(open: &str, character: char) -> bool {
    match open {
        "`" => character == '`',
        "«" => character == '»',
        _ => "“”„‘’«»".contains(character),
    }
}

fn quoted(lexer: &mut Lexer<'_, Lexeme>) -> Lexeme {
    let source = lexer.source();
    let start = lexer.span().start;
    match scan_quoted(source.as_bytes(), start) {
        Scan::Closed(end) => {
            lexer.bump(end - lexer.span().end);
            Lexeme::Quoted
        }
        scan => {
            let triple = is_triple(source.as_bytes(), start);
            let rest = lexer.remainder();
            let length = if triple { rest.len() } else { rest.find('\n').unwrap_or(rest.len()) };
            lexer.bump(length);
            if matches!(scan, Scan::OpenPlaceholder(_) | Scan::TooDeep) { Lexeme::BadPlaceholder } else { Lexeme::BadQuoted }
        }
    }
}

fn hash_brace(lexer: &mut Lexer<'_, Lexeme>) -> Lexeme {
    let inside = lexer.span().end;
    match dynamic_name_end(lexer.source(), inside) {
        Some(end) => {
            lexer.bump(end - inside);
            Lexeme::DynamicName
        }
        None => Lexeme::HashBrace,
    }
}

/// How a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// With its quote; the byte after that.
    Closed(usize),
    /// Not at all.
    Open,
    /// Not at all, because the `#{` at this byte is not closed.
    OpenPlaceholder(usize),
    /// Not before texts and `#{}` in each other went too deep.
    TooDeep,
}

fn is_triple(bytes: &[u8], start: usize) -> bool {
    bytes.get(start + 1) == Some(&bytes[start]) && bytes.get(start + 2) == Some(&bytes[start])
}

/// How many `#{}` may stand in each other, each with a text around it: they are parsed by recursion.
pub const DEEPEST_PLACEHOLDER: usize = 30;

enum ScanMode {
    Text { quote: u8, triple: bool },
    Code { braces: u32, start: usize },
}

/// The end of the text whose opening quote is at `start`; braces and inner texts of its `#{}` are counted (L1.8).
pub fn scan_quoted(bytes: &[u8], start: usize) -> Scan {
    let triple = is_triple(bytes, start);
    let body = start + if triple { 3 } else { 1 };
    scan(bytes, body, ScanMode::Text { quote: bytes[start], triple })
}

/// The byte after the `}` of the `#{` whose inside begins at `inside`; `lines`: whether it may go over lines.
pub fn scan_placeholder(bytes: &[u8], inside: usize, lines: bool) -> Option<usize> {
    let scan = scan_nested(bytes, inside, ScanMode::Code { braces: 0, start: inside }, lines);
    if let Scan::Closed(end) = scan { Some(end) } else { None }
}

fn scan(bytes: &[u8], at: usize, mode: ScanMode) -> Scan {
    let lines = matches!(mode, ScanMode::Text { triple: true, .. });
    scan_nested(bytes, at, mode, lines)
}

fn scan_nested(bytes: &[u8], mut at: usize, mode: ScanMode, lines: bool) -> Scan {
    let mut modes = vec![mode];
    while let Some(depth) = modes.len().checked_sub(1)
        && let Some(mode) = modes.last_mut()
    {
        let Some(&byte) = bytes.get(at) else { break };
        if depth > 2 * DEEPEST_PLACEHOLDER {
            return Scan::TooDeep;
        }
        if byte == b'\n' && (!lines || matches!(mode, ScanMode::Text { triple: false, .. })) {
            break;
        }
        match mode {
            ScanMode::Text { quote, triple } => match byte {
                b'\\' if lines || bytes.get(at + 1) != Some(&b'\n') => at += 1,
                b'#' if bytes.get(at + 1) == Some(&b'{') => {
                    modes.push(ScanMode::Code { braces: 0, start: at });
                    at += 1;
                }
                _ if byte == *quote && (!*triple || is_triple(bytes, at)) => {
                    at += if *triple { 2 } else { 0 };
                    modes.pop();
                }
                _ => {}
            },
            ScanMode::Code { braces, .. } => match byte {
                b'{' => *braces += 1,
                b'}' if *braces > 0 => *braces -= 1,
                b'}' => {
                    modes.pop();
                }
                b'#' if bytes.get(at + 1) == Some(&b'{') => {
                    modes.push(ScanMode::Code { braces: 0, start: at });
                    at += 1;
                }
                b'\'' | b'"' => {
                    let triple = lines && is_triple(bytes, at);
                    modes.push(ScanMode::Text { quote: byte, triple });
                    at += if triple { 2 } else { 0 };
                }
                _ => {}
            },
        }
        at += 1;
    }
    if modes.is_empty() {
        return Scan::Closed(at);
    }
    let placeholder = modes.iter().find_map(|mode| match mode {
        ScanMode::Code { start, .. } => Some(*start),
        ScanMode::Text { .. } => None,
    });
    placeholder.map_or(Scan::Open, Scan::OpenPlaceholder)
}

/// The byte after the closing `}` when what begins at `inside` is a dynamic name: name characters and nested
/// `#{}` without spaces, at least one of the latter (L1.8).
pub fn dynamic_name_end(source: &str, inside: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = inside;
    let mut nested = false;
    loop {
        match bytes.get(at)? {
            b'}' => return nested.then_some(at + 1),
            b'#' if bytes.get(at + 1) == Some(&b'{') => {
                at = scan_placeholder(bytes, at + 2, false)?;
                nested = true;
            }
            b'.' if !nested && at > inside => at += 1,
            _ => {
                let character = source[at..].chars().next()?;
                if character != '_' && !unicode_ident::is_xid_continue(character) {
                    return None;
                }
                at += character.len_utf8();
            }
        }
    }
}
