//! The tokens that the grammar reads: what is left of the lexemes after the layout pass.

use super::ast::{BinaryOp, ScopePrefix};

/// A token. Its text is the source at its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token {
    /// Head of the stream: a whole script follows.
    Script,
    /// Head of the stream: one expression follows.
    Expression,
    /// Head of the stream: one line follows, of a block's head only what stands before its block.
    Line,
    Newline,
    Indent,
    Dedent,
    Name,
    Scoped(ScopePrefix),
    Integer,
    Float,
    Quoted,
    DynamicName,
    /// Unquoted text that the mavibot dialect keeps.
    RawText,
    /// Something that did not lex or parse and has been reported.
    Error,
    HashBrace,
    If,
    Elif,
    Else,
    For,
    In,
    While,
    Break,
    Continue,
    Pass,
    Def,
    Return,
    Del,
    Not,
    True,
    False,
    None,
    /// `+` or `-`
    Sign(BinaryOp),
    /// Any other operator between two operands.
    Op(BinaryOp),
    Assign,
    Augment(BinaryOp),
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Comma,
    Colon,
    Semicolon,
    Dot,
}

/// A token with its first byte and the byte after its last.
pub type Placed = (u32, Token, u32);
