//! The things of the CRM as plain data (crm.md section 3).
//! Knows no SQL, no session and no file format.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use crate::value::locale::Locale;

/// An enum that is stored and written as a word.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All words there are.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word it is stored as.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What a word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// Whether an operator works right now.
    OperatorStatus {
        /// At work.
        OnShift = "on_shift",
        /// At work, but not now.
        Break = "break",
        /// Not at work.
        Absent = "absent",
    }
}

words! {
    /// Whether a deal is open, and how it ended.
    DealStatus {
        /// Open.
        Active = "active",
        /// Won.
        Success = "success",
        /// Lost.
        Fail = "fail",
        /// Put away.
        Archive = "archive",
    }
}

words! {
    /// Who spoke to whom in a history entry.
    Direction {
        /// From the client.
        In = "in",
        /// To the client.
        Out = "out",
    }
}

/// A project: the settings of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The zone of all local times.
    pub time_zone: Tz,
    /// The language of dates.
    pub locale: Locale,
    /// Whether new deals start in the first stage instead of unprocessed.
    pub auto_accept_leads: bool,
    /// How clients are shared out among operators.
    pub distribution: Distribution,
}

/// How clients are shared out among operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Whether pipelines distribute by themselves; the explicit call does not look at it.
    pub enabled: bool,
    /// When work is done.
    pub hours: Hours,
    /// The days nobody works.
    pub days_off: Weekdays,
    /// How far back assignments are counted.
    pub window: Window,
}

/// Working hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// Round the clock.
    Always,
    /// From one minute of the day (included) to another (excluded); past midnight when the second is the smaller.
    Between(i64, i64),
}

/// How far back assignments are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Since the working day began.
    Day,
    /// The last so many minutes.
    Minutes(i64),
}

/// A set of days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    /// The set whose bits are given, Monday lowest.
    #[must_use]
    pub fn from_bits(bits: i64) -> Self {
        Self(u8::try_from(bits & 0x7f).unwrap_or(0))
    }

    /// The bits, Monday lowest.
    #[must_use]
    pub fn bits(self) -> i64 {
        i64::from(self.0)
    }

    /// Adds a day by its number, Monday 1.
    pub fn insert(&mut self, number: u8) {
        if (1..=7).contains(&number) {
            self.0 |= 1 << (number - 1);
        }
    }

    /// Whether a day is in the set.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }

    /// Whether the day of the week of a date is in the set.
    #[must_use]
    pub fn contains_date(self, date: NaiveDate) -> bool {
        self.contains(date.weekday())
    }

    /// The numbers of the days, Monday 1.
    pub fn numbers(self) -> impl Iterator<Item = u8> {
        (1..=7).filter(move |number| self.0 & (1 << (number - 1)) != 0)
    }
}

impl Default for Distribution {
    fn default() -> Self {
        Self { enabled: false, hours: Hours::Always, days_off: Weekdays::default(), window: Window::Day }
    }
}

/// An operator: somebody who answers clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The place among the operators of the project; people know operators by email.
    pub id: i64,
    /// As written.
    pub email: String,
    /// May be blank.
    pub name: String,
    /// Whether the operator works right now.
    pub status: OperatorStatus,
}

/// A pipeline with its stages in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// In order.
    pub stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A client: one dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a mark of its own that people see")]
pub struct Client {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The id the messenger knows it by.
    pub platform_id: Option<String>,
    /// Which messenger.
    pub client_type: Option<i64>,
    /// As written.
    pub phone: Option<String>,
    /// As written.
    pub email: Option<String>,
    /// Where it came from.
    pub tag: Option<String>,
    /// When it first appeared.
    pub created_at: DateTime<Utc>,
    /// When it last wrote itself.
    pub last_message_at: Option<DateTime<Utc>>,
    /// What it last wrote itself.
    pub question: Option<String>,
    /// The responsible operator, by id.
    pub operator: Option<i64>,
    /// Unread messages.
    pub unread: i64,
    /// Whether the bot ignores it.
    pub blocked: bool,
    /// Whether it wants no messages of the bot.
    pub unsubscribed: bool,
    /// Whether it waits for distribution.
    pub queued: bool,
    /// From when on it is to be distributed.
    pub queued_until: Option<DateTime<Utc>>,
    /// The block it was in last.
    pub position: Option<i64>,
    /// The main client of its linked group; `None` if it is the main one or unlinked.
    pub main_client: Option<i64>,
    /// The current deal.
    pub current_deal: Option<i64>,
    /// Whether the current deal was set on purpose, so that newer ones do not take its place.
    pub current_deal_chosen: bool,
}

/// A deal (the functions call it order).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub client: i64,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What it is worth.
    pub budget: serde_json::Number,
    /// The pipeline; `None` if unprocessed.
    pub pipeline: Option<i64>,
    /// The stage; `None` if unprocessed.
    pub stage: Option<i64>,
    /// Whether it is open, and how it ended.
    pub status: DealStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was closed; `None` while active.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its own operator, by id.
    pub operator: Option<i64>,
}

/// A task of an operator about a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: i64,
    /// Whom it is about.
    pub client: i64,
    /// The responsible operator, by id.
    pub operator: Option<i64>,
    /// Its name.
    pub name: String,
    /// May be empty.
    pub description: String,
    /// Local date.
    pub due_date: NaiveDate,
    /// Local time, in minutes since midnight.
    pub due_time: i64,
    /// Whether it is done.
    pub done: bool,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

/// An entry of a client's message history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Who spoke to whom.
    pub direction: Direction,
    /// `client`, `bot` or an operator's email.
    pub author: String,
    /// The text.
    pub text: String,
    /// The block it came from.
    pub block: Option<i64>,
    /// Whether it arrived.
    pub delivered: bool,
    /// Why it did not.
    pub error: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl HistoryEntry {
    /// Whether the message waits to be sent.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.direction == Direction::Out && !self.delivered && self.error.is_none()
    }
}

/// A comment on a dialogue, which the client never sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The comment.
    pub text: String,
    /// `bot` or an operator's email.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// That a client was in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The block.
    pub block: i64,
    /// The first time.
    pub first_at: DateTime<Utc>,
    /// The last time.
    pub last_at: DateTime<Utc>,
}

/// That a client was given to an operator; counted when clients are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// The operator, by id.
    pub operator: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// A message to be sent later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The block to run.
    pub block: Option<i64>,
    /// The text to send.
    pub text: Option<String>,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Whether an answer of the client leaves it alone.
    pub do_not_cancel: bool,
}

/// The author of messages of the client.
pub const AUTHOR_CLIENT: &str = "client";
/// The author of messages and notes of the bot.
pub const AUTHOR_BOT: &str = "bot";
/// The most scheduled messages a client may have.
pub const MOST_SCHEDULED: i64 = 32;
