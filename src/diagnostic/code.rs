//! The stable codes of all diagnostics. A code is never used again for something else; each has a page in `docs/errors/`.

use std::fmt;

use crate::wording::{Language, Message, message};

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A CRM function refused an argument and returned its failure value; the run continues.
    Notice,
    /// Probably a mistake; nothing is stopped.
    Warning,
    /// The script does not compile, or its run ended here.
    Error,
}

impl Severity {
    /// `error`, `warning` or `notice`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The word that a report begins with.
    #[must_use]
    pub fn title(self) -> Message {
        match self {
            Self::Notice => message!("severity-notice"),
            Self::Warning => message!("severity-warning"),
            Self::Error => message!("severity-error"),
        }
    }
}

macro_rules! codes {
    ($( $name:ident $text:literal $title:literal, )*) => {
        /// The stable code of a diagnostic: `E…` an error, `W…` a warning, `N…` a notice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $( #[doc = concat!("`", $text, "`; docs/errors/", $text, ".md explains it.")] $name, )*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$( Self::$name, )*];

            /// The code as people and programs read it: `E0403`.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $( Self::$name => $text, )* }
            }

            /// What it is about, in a few words.
            #[must_use]
            pub fn title(self) -> Message {
                Message::new(match self { $( Self::$name => $title, )* }, Vec::new())
            }

            /// The page that explains it.
            #[must_use]
            pub fn page(self, language: Language) -> &'static str {
                let page = match (language, self) {
                    $( (Language::En, Self::$name) => include_str!(concat!("../../docs/errors/", $text, ".md")), )*
                    $( (Language::Ru, Self::$name) => include_str!(concat!("../../docs/ru/errors/", $text, ".md")), )*
                };
                // The first line of a translation says from which English text it was made.
                page.strip_prefix("<!-- ").and_then(|rest| rest.split_once("-->\n")).map_or(page, |(_, page)| page)
            }
        }
    };
}

codes! {
    UnclosedComment "E0101" "title-unclosed-comment",
    UnclosedString "E0102" "title-unclosed-string",
    CurlyQuote "E0103" "title-curly-quote",
    MixedAlphabets "E0104" "title-mixed-alphabets",
    BadNumber "E0105" "title-bad-number",
    UnexpectedCharacter "E0106" "title-unexpected-character",
    UnclosedPlaceholder "E0107" "title-unclosed-placeholder",
    InvalidUtf8 "E0108" "title-invalid-utf8",
    NameTooLong "E0109" "title-name-too-long",
    UnexpectedToken "E0201" "title-unexpected-token",
    TwoStatements "E0202" "title-two-statements",
    AssignmentInCondition "E0203" "title-assignment-in-condition",
    MissingColon "E0204" "title-missing-colon",
    UnclosedBracket "E0205" "title-unclosed-bracket",
    WrongBracket "E0206" "title-wrong-bracket",
    ElseIf "E0207" "title-else-if",
    UnexpectedIndentation "E0208" "title-unexpected-indentation",
    MissingBlock "E0209" "title-missing-block",
    BadIndentation "E0210" "title-bad-indentation",
    ElseWithoutIf "E0211" "title-else-without-if",
    BadTarget "E0212" "title-bad-target",
    UnquotedText "E0213" "title-unquoted-text",
    MethodCall "E0214" "title-method-call",
    NestedTooDeep "E0215" "title-nested-too-deep",
    ReturnOutside "E0216" "title-return-outside",
    BreakOutside "E0217" "title-break-outside",
    DefInside "E0218" "title-def-inside",
    BadIf "E0219" "title-bad-if",
    KeywordAsName "E0220" "title-keyword-as-name",
    NotCallable "E0221" "title-not-callable",
    SlashComment "E0222" "title-slash-comment",
    ForeignWord "E0223" "title-foreign-word",
    ForeignOperator "E0224" "title-foreign-operator",
    ForeignBraces "E0225" "title-foreign-braces",
    ForeignPlaceholder "E0226" "title-foreign-placeholder",
    BadName "E0227" "title-bad-name",
    MissingBrackets "E0228" "title-missing-brackets",
    MessageInScript "E0229" "title-message-in-script",
    UnknownFunction "E0301" "title-unknown-function",
    ArgumentCount "E0302" "title-argument-count",
    UnknownKeyword "E0303" "title-unknown-keyword",
    ArgumentTwice "E0304" "title-argument-twice",
    NameTaken "E0305" "title-name-taken",
    ParameterTwice "E0306" "title-parameter-twice",
    TooManyParameters "E0307" "title-too-many-parameters",
    NeedsHost "E0308" "title-needs-host",
    NoValue "E0401" "title-no-value",
    WrongType "E0402" "title-wrong-type",
    DivisionByZero "E0403" "title-division-by-zero",
    OutOfRange "E0404" "title-out-of-range",
    MissingKey "E0405" "title-missing-key",
    NotIndexable "E0406" "title-not-indexable",
    UnsetContainer "E0407" "title-unset-container",
    TextAssignment "E0408" "title-text-assignment",
    NotFinite "E0409" "title-not-finite",
    LocalUnset "E0410" "title-local-unset",
    BadArgument "E0411" "title-bad-argument",
    NotIterable "E0412" "title-not-iterable",
    DateArithmetic "E0413" "title-date-arithmetic",
    ValueTooDeep "E0414" "title-value-too-deep",
    BadPair "E0415" "title-bad-pair",
    NoCrm "E0416" "title-no-crm",
    StepLimit "E0501" "title-step-limit",
    DepthLimit "E0502" "title-depth-limit",
    MemoryLimit "E0503" "title-memory-limit",
    OutputLimit "E0504" "title-output-limit",
    CrmCallLimit "E0505" "title-crm-call-limit",
    TimeLimit "E0506" "title-time-limit",
    PatternLimit "E0507" "title-pattern-limit",
    SourceLimit "E0508" "title-source-limit",
    VariableTooLarge "E0509" "title-variable-too-large",
    TooManyVariables "E0510" "title-too-many-variables",
    Stopped "E0511" "title-stopped",
    NoEffect "W0601" "title-no-effect",
    BuiltinVariable "W0602" "title-builtin-variable",
    OrderIdText "W0603" "title-order-id-text",
    RefusedMessage "W0604" "title-refused-message",
    KeptAsText "W0605" "title-kept-as-text",
    IgnoredIndentation "W0606" "title-ignored-indentation",
    BareWord "W0607" "title-bare-word",
    OpenPlaceholder "W0608" "title-open-placeholder",
    BareFunction "W0609" "title-bare-function",
    SwappedArguments "W0610" "title-swapped-arguments",
    UnfitArgument "W0611" "title-unfit-argument",
    WillFail "W0612" "title-will-fail",
    QuotesMissing "W0613" "title-quotes-missing",
    TextPlaceholder "W0614" "title-text-placeholder",
    NearlyValue "W0615" "title-nearly-value",
    DeletedByComment "W0616" "title-deleted-by-comment",
    NeedsHostHere "W0617" "title-needs-host-here",
    InvisibleCharacter "W0618" "title-invisible-character",
    Misspelt "W0901" "title-misspelt",
    NeverRead "W0902" "title-never-read",
    Unreachable "W0903" "title-unreachable",
    ConstantCondition "W0904" "title-constant-condition",
    NeverTrue "W0905" "title-never-true",
    UncheckedResult "W0906" "title-unchecked-result",
    UnknownId "W0907" "title-unknown-id",
    RefusedArgument "N0701" "title-refused-argument",
    AbsentFunction "N0702" "title-absent-function",
    NearlyNumber "N0703" "title-nearly-number",
    JsonText "N0704" "title-json-text",
}

impl Code {
    /// The severity of this code.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self.text().as_bytes()[0] {
            b'N' => Severity::Notice,
            b'W' => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// The code with this text, any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.text().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text())
    }
}
