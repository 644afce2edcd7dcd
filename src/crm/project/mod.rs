//! Projects: the settings of one tenant, and how its clients are shared out among operators.

use chrono::{Datelike as _, NaiveDate, Weekday};
use chrono_tz::Tz;

use crate::crm::ProjectId;
use crate::value::locale::Locale;

/// A project: the settings of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
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
