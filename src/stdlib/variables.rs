//! The variables that are always there (language.md L6.5): who the client is, which deal, which block, what time it is.

use chrono::{DateTime, Datelike as _, NaiveDateTime, Timelike as _, Utc};

use crate::function::{BuiltinVariable, CallResult, Context};
use crate::value::Value;
use crate::value::calendar::{format_date, format_time};

/// Every built-in variable, in the order of the reference.
pub static VARIABLES: &[BuiltinVariable] = &[
    variable("client_id", "the id of the client", |context| Ok(context.crm()?.client().id.into())),
    variable("main_client_id", "the id of the main client of the linked group; the client's own when it is not linked", |context| {
        let client = context.crm()?.client();
        Ok(client.main_client.unwrap_or(client.id).into())
    }),
    variable("name", "the name of the client", name),
    variable("full_name", "the name of the client", name),
    variable("platform_id", "the id that the messenger knows the client by", |context| {
        Ok(context.crm()?.client().platform_id.clone().into())
    }),
    variable("client_type", "the number of the messenger", |context| Ok(context.crm()?.client().client_type.into())),
    variable("messenger", "the name of the messenger; `None` when it is not known", |context| {
        Ok(context.crm()?.client().client_type.and_then(messenger).into())
    }),
    variable("group", "the bot's account in the messenger; always `None`, it is not kept", |_| Ok(Value::None)),
    variable("avatar", "the picture of the client; always `None`, it is not kept", |_| Ok(Value::None)),
    variable("tag", "where the client came from; `NONE` when that is not known", |context| {
        Ok(context.crm()?.client().tag.as_deref().unwrap_or(UNSET).into())
    }),
    variable("date_of_creation", "the date when the client first appeared, `dd.mm.yyyy`", |context| {
        Ok(format_date(created(context)?.date()).into())
    }),
    variable("time_of_creation", "the time when the client first appeared, `HH:MM`", |context| Ok(time_of_day(created(context)?))),
    variable("question", "what the client last wrote", |context| Ok(context.crm()?.client().question.clone().into())),
    variable("notSubscribed", "1 when the client wants no messages of the bot, else 0", |context| {
        Ok(i64::from(context.crm()?.client().unsubscribed).into())
    }),
    variable("clientBlocked", "1 when the bot ignores the client, else 0", |context| Ok(i64::from(context.crm()?.client().blocked).into())),
    variable(
        "order_id",
        "client and current deal together, `101-501`; `None` without a deal; not what functions take, that is `get_order_id()`",
        |context| {
            let client = context.crm()?.client();
            Ok(client.current_deal.map(|deal| format!("{}-{deal}", client.id)).into())
        },
    ),
    variable("budget", "the budget of the current deal; `None` without a deal", |context| {
        let deal = context.crm()?.current_deal()?;
        Ok(deal.map_or(Value::None, |deal| Value::from_json(&deal.budget.clone().into())))
    }),
    variable("project_id", "the id of the project", |context| Ok(context.crm()?.project().id.into())),
    variable("message_id", "the number of the block that runs; `NONE` when no block does", |context| {
        Ok(context.block().map_or(UNSET.into(), Value::Int))
    }),
    variable("current_date", "the date of today, `dd.mm.yyyy`", |context| Ok(format_date(context.local_now()?.date()).into())),
    variable("next_day", "the date of tomorrow, `dd.mm.yyyy`", |context| {
        Ok(context.local_now()?.date().succ_opt().map(format_date).into())
    }),
    variable("current_time", "the time of now, `HH:MM`", |context| Ok(time_of_day(context.local_now()?))),
    variable("weekday", "the day of the week, 1 for Monday to 7 for Sunday", |context| {
        Ok(i64::from(context.local_now()?.weekday().number_from_monday()).into())
    }),
    variable("timestamp", "the seconds since 1 January 1970 in Greenwich, with a fraction", |context| {
        Ok(Value::from(unix_seconds(context.now())))
    }),
    variable("E", "the base of natural logarithms, 2.718281828459045", |_| Ok(Value::from(std::f64::consts::E))),
    variable("PI", "the circumference of a circle over its diameter, 3.141592653589793", |_| Ok(Value::from(std::f64::consts::PI))),
];

/// What some variables hold when they are not set.
const UNSET: &str = "NONE";

type Read = fn(&mut Context<'_>) -> CallResult<Value>;

const fn variable(name: &'static str, about: &'static str, read: Read) -> BuiltinVariable {
    BuiltinVariable { name, about, read }
}

fn name(context: &mut Context<'_>) -> CallResult<Value> {
    Ok(context.crm()?.client().name.as_str().into())
}

/// The messenger that a number stands for.
const fn messenger(client_type: i64) -> Option<&'static str> {
    Some(match client_type {
        0 => "VK",
        1 => "Telegram",
        2 => "Viber",
        3 => "Facebook",
        5 => "Online chat",
        6 => "WhatsApp",
        7 => "Avito",
        8 => "Odnoklassniki",
        10 => "Instagram",
        _ => return None,
    })
}

fn created(context: &mut Context<'_>) -> CallResult<NaiveDateTime> {
    let session = context.crm()?;
    Ok(session.local(session.client().created_at))
}

fn time_of_day(moment: NaiveDateTime) -> Value {
    format_time(i64::from(moment.hour() * 60 + moment.minute())).into()
}

#[allow(clippy::cast_precision_loss, reason = "the microseconds of our time fit")]
fn unix_seconds(time: DateTime<Utc>) -> f64 {
    time.timestamp_micros() as f64 / 1e6
}
