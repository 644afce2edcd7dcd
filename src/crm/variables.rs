//! The built-in variables of the CRM (language.md L6.5): who the client is, which deal is the current one.

use chrono::NaiveDateTime;

use super::{CrmContext as _, DealId};
use crate::function::{BuiltinVariable, CallResult, Context, ParameterType as _};
use crate::value::Value;
use crate::value::calendar::{format_clock, format_date};
use crate::value::number::Number;

/// The built-in variables, in the order of the reference.
pub(super) static VARIABLES: &[BuiltinVariable] = &[
    BuiltinVariable::new("client_id", "the id of the client", |context| Ok(context.crm()?.client().id.into())),
    BuiltinVariable::new(
        "main_client_id",
        "the id of the main client of the linked group; the client's own when it is not linked",
        |context| {
            let client = context.crm()?.client();
            Ok(client.main_client.unwrap_or(client.id).into())
        },
    ),
    BuiltinVariable::new("name", "the name of the client", name),
    BuiltinVariable::new("full_name", "the name of the client", name),
    BuiltinVariable::new("platform_id", "the id that the messenger knows the client by", |context| {
        Ok(context.crm()?.client().platform_id.clone().into())
    }),
    BuiltinVariable::new("client_type", "the number of the messenger", |context| Ok(context.crm()?.client().client_type.into())),
    BuiltinVariable::new("messenger", "the name of the messenger; `None` when it is not known", |context| {
        Ok(context.crm()?.client().client_type.and_then(messenger).into())
    }),
    BuiltinVariable::new(
        "message_from_outside",
        "0 for what the client wrote itself, 1 when another block sent it here, 2 for another CRM, 3 for a callback, 5 for telephony",
        |context| Ok(Value::Int(context.crm()?.origin())),
    ),
    BuiltinVariable::new("group", "the bot's account in the messenger; `None` when it is not known", |context| {
        Ok(context.crm()?.client().group.clone().into())
    }),
    BuiltinVariable::unset("avatar", "the picture of the client"),
    BuiltinVariable::unset("attachments", "the files of the client's message"),
    BuiltinVariable::unset("attachment_url", "the address of a file of the client's message"),
    BuiltinVariable::unset("order", "the order of an outside shop"),
    BuiltinVariable::unset("wa_bot", "the WhatsApp account of the bot"),
    BuiltinVariable::unset("custom_answer", "the answer of an outside service"),
    BuiltinVariable::unset("api_key", "the key of an outside service"),
    BuiltinVariable::unset("callback_order_id", "the deal that a callback of the CRM is about"),
    BuiltinVariable::new("tag", "where the client came from; `NONE` when that is not known", |context| {
        Ok(context.crm()?.client().tag.as_deref().unwrap_or(UNSET).into())
    }),
    BuiltinVariable::new("date_of_creation", "the date when the client first appeared, `dd.mm.yyyy`", |context| {
        Ok(format_date(created(context)?.date()).into())
    }),
    BuiltinVariable::new("time_of_creation", "the time when the client first appeared, `HH:MM`", |context| {
        Ok(format_clock(created(context)?).into())
    }),
    BuiltinVariable::new("question", "what the client last wrote, or the callback that the block runs for", |context| {
        Ok(context.crm()?.question().map(str::to_owned).into())
    }),
    BuiltinVariable::new("notSubscribed", "1 when the client wants no messages of the bot, else 0", |context| {
        Ok(i64::from(context.crm()?.client().unsubscribed).into())
    }),
    BuiltinVariable::new("clientBlocked", "1 when the bot ignores the client, else 0", |context| {
        Ok(i64::from(context.crm()?.client().blocked).into())
    }),
    BuiltinVariable::new(
        "order_id",
        "client and current deal together, `101-501`; `None` without a deal; not what functions take, that is `get_order_id()`",
        |context| {
            let client = context.crm()?.client();
            Ok(client.current_deal.map(|deal| format!("{}-{deal}", client.id)).into())
        },
    )
    .mistaken_for(DealId::KIND, "order-id-holds", "get_order_id()"),
    BuiltinVariable::new("budget", "the budget of the current deal; `None` without a deal", |context| {
        let deal = context.crm()?.current_deal()?;
        Ok(deal.map(|deal| Number::from(&deal.budget)).into())
    }),
    BuiltinVariable::new("project_id", "the id of the project", |context| Ok(context.crm()?.project().id.into())),
];

/// What some variables hold when they are not set.
const UNSET: &str = "NONE";

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
        5 => "Online-чат",
        6 => "WhatsApp",
        7 => "Avito",
        8 => "Odnoklassniki",
        10 => "Instagram",
        12 => "Yula",
        13 => "telephony",
        14 => "e-mail",
        16 => "Telegram Business",
        19 => "Cian",
        20 => "MAX",
        21 => "Telegram account",
        22 => "TikTok",
        23 => "Discord",
        _ => return None,
    })
}

fn created(context: &mut Context<'_>) -> CallResult<NaiveDateTime> {
    let session = context.crm()?;
    Ok(session.local(session.client().created_at))
}
