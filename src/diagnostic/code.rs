//! The stable codes of all diagnostics. A code is never used again for something else; each has a page in `docs/errors/`.

use std::fmt;

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A CRM function refused an argument and gave its failure value; the run goes on.
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
}

macro_rules! codes {
    ($( $name:ident $text:literal $title:literal, )*) => {
        /// The stable code of a diagnostic: `E…` an error, `W…` a warning, `N…` a notice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $( #[doc = $title] $name, )*
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
            pub const fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )* }
            }

            /// The page that explains it.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self { $( Self::$name => include_str!(concat!("../../docs/errors/", $text, ".md")), )* }
            }
        }
    };
}

codes! {
    UnclosedComment "E0101" "a comment that is not closed",
    UnclosedString "E0102" "a text that is not closed",
    CurlyQuote "E0103" "curly quotes used as quotes",
    MixedAlphabets "E0104" "letters of two alphabets in one name",
    BadNumber "E0105" "a number that is written wrongly",
    UnexpectedCharacter "E0106" "a character that means nothing here",
    UnclosedFilling "E0107" "`#{` without its `}`",
    InvalidUtf8 "E0108" "bytes that are not UTF-8",
    NameTooLong "E0109" "a name that is too long",
    UnexpectedToken "E0201" "something that does not belong here",
    TwoStatements "E0202" "two statements on one line",
    AssignmentInCondition "E0203" "`=` where `==` is meant",
    MissingColon "E0204" "a missing `:`",
    UnclosedBracket "E0205" "a bracket that is not closed",
    WrongBracket "E0206" "a closing bracket that does not fit",
    ElseIf "E0207" "`else if` in place of `elif`",
    UnexpectedIndentation "E0208" "indentation where no block begins",
    MissingBlock "E0209" "a missing block",
    BadIndentation "E0210" "indentation that does not line up",
    ElseWithoutIf "E0211" "`else` or `elif` without its `if`",
    BadTarget "E0212" "something that cannot be assigned to",
    UnquotedText "E0213" "text without quotes",
    MethodCall "E0214" "a call with a dot",
    NestedTooDeep "E0215" "a script that is nested too deeply",
    ReturnOutside "E0216" "`return` outside a function",
    BreakOutside "E0217" "`break` or `continue` outside a loop",
    DefInside "E0218" "`def` inside a block",
    BadIf "E0219" "`if(...)` with the wrong number of values",
    KeywordAsName "E0220" "a keyword used as a name",
    NotCallable "E0221" "a call of something that is not a function name",
    SlashComment "E0222" "`//` used for a comment",
    ForeignWord "E0223" "a word of another language",
    ForeignOperator "E0224" "an operator of another language",
    ForeignBraces "E0225" "braces around a block",
    ForeignPlaceholder "E0226" "a placeholder of another program",
    BadName "E0227" "a name that cannot be one",
    MissingBrackets "E0228" "a call without its brackets",
    MessageInScript "E0229" "a message in a script file",
    UnknownFunction "E0301" "a function that does not exist",
    ArgumentCount "E0302" "the wrong number of arguments",
    UnknownKeyword "E0303" "an argument name that does not exist",
    ArgumentTwice "E0304" "an argument given twice",
    NameTaken "E0305" "a function name that is taken",
    ParameterTwice "E0306" "a parameter named twice",
    TooManyParameters "E0307" "a function with too many parameters",
    NeedsHost "E0308" "a function that needs a host",
    NoValue "E0401" "a value that is missing",
    WrongType "E0402" "values that do not go together",
    DivisionByZero "E0403" "division by zero",
    OutOfRange "E0404" "a position outside the list or text",
    MissingKey "E0405" "a key that is not in the dict",
    NotIndexable "E0406" "an index on something that has no items",
    UnsetContainer "E0407" "an item set in a variable that has no value",
    TextAssignment "E0408" "an item set in a text",
    NotFinite "E0409" "a number that is too large",
    LocalUnset "E0410" "a local variable read before it is set",
    BadArgument "E0411" "an argument a function cannot work with",
    NotIterable "E0412" "a loop over something that has no items",
    DateArithmetic "E0413" "dates or times calculated in a way that means nothing",
    ValueTooDeep "E0414" "lists or dicts nested too deeply",
    BadPair "E0415" "a loop with two names over items that are no pairs",
    NoCrm "E0416" "a CRM function where there is no CRM",
    StepLimit "E0501" "too many steps",
    DepthLimit "E0502" "calls nested too deeply",
    MemoryLimit "E0503" "too much memory",
    OutputLimit "E0504" "too much printed text",
    CrmCallLimit "E0505" "too many CRM calls",
    TimeLimit "E0506" "too much time",
    PatternLimit "E0507" "a pattern that takes too long",
    SourceLimit "E0508" "a script that is too long",
    VariableTooLarge "E0509" "a variable that is too large to store",
    TooManyVariables "E0510" "too many variables",
    Stopped "E0511" "a run that was stopped",
    NoEffect "W0601" "a line that does nothing",
    BuiltinVariable "W0602" "a built-in variable assigned to",
    OrderIdText "W0603" "`order_id` used as a deal id",
    RefusedMessage "W0604" "a message that will not be sent",
    KeptAsText "W0605" "unquoted text that was kept as text",
    IgnoredIndentation "W0606" "indentation that was ignored",
    BareWord "W0607" "a word that is no variable",
    OpenFilling "W0608" "`#{` without its `}` in a message",
    BareFunction "W0609" "a function without its brackets",
    SwappedArguments "W0610" "arguments in each other's place",
    UnfitArgument "W0611" "an argument that does not fit",
    WillFail "W0612" "a line that will fail when it runs",
    QuotesMissing "W0613" "a date or a phone number without quotes",
    TextPlaceholder "W0614" "a placeholder of another program in a text",
    NearlyValue "W0615" "a text that is nearly a number or a date",
    DeletedByComment "W0616" "a variable deleted by a comment",
    NeedsHostHere "W0617" "a function that does nothing without a host",
    InvisibleCharacter "W0618" "an invisible character",
    Misspelt "W0901" "a variable that nothing sets",
    NeverRead "W0902" "a variable that nothing reads",
    Unreachable "W0903" "a line that never runs",
    ConstantCondition "W0904" "a condition that is always the same",
    NeverTrue "W0905" "a comparison that is never true",
    UncheckedResult "W0906" "a result used without a look at it",
    UnknownId "W0907" "an id that the project does not have",
    RefusedArgument "N0701" "an argument that a CRM function refused",
    AbsentFunction "N0702" "a call of a function that is not here",
    NearlyNumber "N0703" "text that is nearly a number or a date",
    JsonText "N0704" "the text of a list taken as text",
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
