//! A small bot on the library: three clients write, blocks answer, and the messages are delivered. One event comes
//! twice, as networks do; its block runs once.

use std::collections::HashMap;
use std::error::Error;

use calc::crm::{self, BlockId, ClientId, Effect, ProjectId, SqliteStore, outbox};
use calc::engine::{Block, Engine, Event, MessageStatus};
use chrono::{DateTime, Duration, Utc};

const PROJECT: ProjectId = ProjectId(1);

/// What the messenger tells the bot: who wrote what, and the number that the messenger gave the event.
struct Incoming {
    id: &'static str,
    client: ClientId,
    text: &'static str,
}

const INCOMING: &[Incoming] = &[
    Incoming { id: "e1", client: ClientId(101), text: "Hello!" },
    Incoming { id: "e2", client: ClientId(102), text: "order 2" },
    // The answer to e2 was lost on its way, so the messenger sends it again.
    Incoming { id: "e2", client: ClientId(102), text: "order 2" },
    Incoming { id: "e3", client: ClientId(103), text: "stop" },
    Incoming { id: "e4", client: ClientId(101), text: "order seven" },
];

fn main() -> Result<(), Box<dyn Error>> {
    let store = SqliteStore::in_memory()?;
    crm::load(&store, &crm::demo()?)?;
    let engine = Engine::new();
    let blocks = blocks(&engine)?;
    // A real bot takes the time from its clock; a fixed one makes this print the same every time.
    let mut now = DateTime::from_timestamp(1_795_330_800, 0).ok_or("a time")?;
    for incoming in INCOMING {
        now += Duration::seconds(20);
        handle(&engine, &store, &blocks, incoming, now)?;
        deliver(&store, now)?;
    }
    Ok(())
}

/// The calculator of the block that takes an order.
const ORDER: &str = "
_found = findall('\\d+', question, 0)
_count = if(_found, int(_found), 1)
deal = create_order('Mugs', _count * 450)
# From here on variables belong to the new deal.
count = _count
";

/// The blocks of the bot by their ids.
fn blocks(engine: &Engine) -> Result<HashMap<BlockId, Block>, Box<dyn Error>> {
    let texts = [
        (10, "", "Hello, #{name}! Write `order` and how many mugs you want, or `stop`."),
        (20, ORDER, "#{count} mugs, #{budget} roubles. Your order number is #{deal}."),
        (30, "", "You will get no more messages. Goodbye!"),
        (31, "unsubscribe()", ""),
    ];
    let mut blocks = HashMap::new();
    for (id, calculator, message) in texts {
        let block = engine.block(Some(BlockId(id)), calculator, message).map_err(|diagnostics| format!("block {id}: {diagnostics:?}"))?;
        blocks.insert(BlockId(id), block);
    }
    Ok(blocks)
}

/// Which blocks answer a text, one after another. A goodbye takes two: the message, then `unsubscribe()`.
fn route(text: &str) -> &'static [BlockId] {
    match text.split_whitespace().next() {
        Some("order") => &[BlockId(20)],
        Some("stop") => &[BlockId(30), BlockId(31)],
        _ => &[BlockId(10)],
    }
}

fn handle(
    engine: &Engine,
    store: &SqliteStore,
    blocks: &HashMap<BlockId, Block>,
    incoming: &Incoming,
    now: DateTime<Utc>,
) -> Result<(), Box<dyn Error>> {
    println!("client {} writes: {}", incoming.client, incoming.text);
    for (step, id) in route(incoming.text).iter().enumerate() {
        // The text of the client belongs to the first block of the answer; each block has an event of its own.
        let event = Event::at(now).with_id(format!("{}/{step}", incoming.id));
        let event = if step == 0 { event.with_text(incoming.text) } else { event };
        // An event that was handled before returns its first outcome and changes nothing.
        let outcome = engine.run(store, PROJECT, incoming.client, &blocks[id], &event)?;
        for effect in &outcome.effects {
            if !matches!(effect, Effect::MessageReceived { .. } | Effect::MessageQueued { .. } | Effect::VisitRecorded { .. }) {
                println!("  {}", effect.sentence());
            }
        }
        if outcome.message.status == MessageStatus::Refused {
            println!("  not sent: {}", outcome.message.error.unwrap_or_default());
        }
        for report in &outcome.diagnostics {
            println!("  {} in line {}: {}", report.code, report.line, report.message);
        }
    }
    Ok(())
}

/// Sends what waits in the outbox; a message stays there until it is confirmed.
fn deliver(store: &SqliteStore, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
    let waiting = outbox::pending(store, PROJECT, 100)?;
    if waiting.is_empty() {
        println!("  nothing to send");
    }
    for message in waiting {
        println!("  {} to client {}: {}", now.format("%H:%M:%S"), message.client, message.text);
        outbox::confirm(store, PROJECT, message.id)?;
    }
    Ok(())
}
