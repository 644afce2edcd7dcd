//! Names of months and weekdays in the languages of projects (builtins.md, dates and times).

/// The language of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Russian; months in the genitive, as in a date.
    Ru,
}

impl Locale {
    /// All codes there are.
    pub const CODES: &'static [&'static str] = &["en", "ru"];

    /// The locale with this code: `en` or `ru`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::En),
            "ru" => Some(Self::Ru),
            _ => None,
        }
    }

    /// `en` or `ru`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

/// The names that a locale has for months and weekdays.
#[derive(Debug)]
pub struct CalendarNames {
    /// Months in full, as in a date.
    pub months: [&'static str; 12],
    /// Months in full, standing alone.
    pub months_alone: [&'static str; 12],
    /// Months in short, as in a date.
    pub short_months: [&'static str; 12],
    /// Weekdays in full, Monday first.
    pub weekdays: [&'static str; 7],
    /// Weekdays in short, Monday first.
    pub short_weekdays: [&'static str; 7],
    /// How a date and a time are written, in directives of strftime.
    pub date_time: &'static str,
    /// How a date is written.
    pub date: &'static str,
}

impl Locale {
    /// The names of months and weekdays.
    #[must_use]
    pub const fn names(self) -> &'static CalendarNames {
        match self {
            Self::En => &ENGLISH,
            Self::Ru => &RUSSIAN,
        }
    }
}

static ENGLISH: CalendarNames = CalendarNames {
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    months_alone: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    short_months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    short_weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    date_time: "%a %b %e %H:%M:%S %Y",
    date: "%m/%d/%y",
};

/// Spelled as in the Russian locale of Linux, which Python writes.
static RUSSIAN: CalendarNames = CalendarNames {
    months: ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
    months_alone: ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"],
    short_months: ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    weekdays: ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"],
    short_weekdays: ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
    date_time: "%a %d %b %Y %H:%M:%S",
    date: "%d.%m.%Y",
};
