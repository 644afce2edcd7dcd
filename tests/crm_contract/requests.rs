//! crm-more.md sections 5 and 6: what blocks do for other clients and ask of the host, pauses, linked groups.

use calc::crm::model::Direction;
use calc::crm::outbox;
use calc::crm::requests::{self, HostWork, WaitingRequest};
use calc::crm::{Account, BlockId, ClientId, Delay, Lease, ProjectFile, ProjectId, Refusal, Store, role};
use calc::engine::{Engine, Event, Outcome, Skipped};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use crate::delivery::lease;
use crate::{ann, as_json, at, client, dumped, kinds, load, now, on_every_store, parse, refused, shop};

on_every_store! {
    messages_to_others messages_later platform_messages requests_are_kept_in_order requests_are_claimed requests_are_taken_back
    an_event_of_a_request notifications numbered_messages removed_messages a_paused_client what_is_due_waits groups groups_at_once
    two_blocks_write_to_each_other messages_of_blocks details_of_operators the_new_sections_load_again other_projects_are_out_of_reach
}

fn after(minutes: i64) -> DateTime<Utc> {
    now() + Duration::minutes(minutes)
}

fn run(store: &dyn Store, to: i64, script: &str, event: &Event) -> Outcome {
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(12)), script, "").expect("it compiles");
    engine.run(store, ProjectId(1), ClientId(to), &block, event).expect("a run")
}

fn waiting(store: &dyn Store) -> Vec<WaitingRequest> {
    requests::pending(store, ProjectId(1), 100).expect("requests")
}

fn work(store: &dyn Store) -> Vec<(i64, HostWork)> {
    waiting(store).into_iter().map(|waiting| (waiting.request.client.0, waiting.request.work)).collect()
}

fn callback(text: &str) -> HostWork {
    HostWork::Callback { text: text.to_owned() }
}

fn history(store: &dyn Store, id: i64) -> Vec<(String, Option<String>)> {
    let file = dumped(store);
    let entry = file.clients.iter().find(|entry| entry.client.id == ClientId(id)).expect("a client");
    let messages = entry.history.iter().filter(|entry| entry.direction == Direction::Out);
    messages.map(|entry| (entry.text.clone(), entry.error.clone())).collect()
}

fn messages_to_others(store: &dyn Store) {
    shop(store);
    let mut session = client(store, 104);
    session.unsubscribe().unwrap();
    session.commit().unwrap();
    let mut session = client(store, 105);
    session.block_client().unwrap();
    session.commit().unwrap();

    let mut session = ann(store);
    assert!(session.message(Some(ClientId(102)), Some("#{name}"), None, None).unwrap());
    assert!(session.message(None, Some("mine"), None, None).unwrap());
    session.queue_message("of the block", Some(BlockId(12)));
    assert!(!session.message(Some(ClientId(104)), Some("hi"), None, None).unwrap());
    assert!(!session.message(Some(ClientId(105)), Some("hi"), None, None).unwrap());
    assert_eq!(refused(session.message(Some(ClientId(9)), Some("hi"), None, None)).roles(), [role::CLIENT]);
    assert_eq!(refused(session.message(Some(ClientId(102)), Some(" "), None, None)), Refusal::NothingToSend);
    assert_eq!(refused(session.message(None, Some("a\0b"), None, None)).roles(), [role::TEXT]);
    assert_eq!(kinds(&session), ["message_queued", "message_queued", "message_queued", "message_refused", "message_refused"]);
    session.commit().unwrap();
    assert_eq!(history(store, 102), [("#{name}".to_owned(), None)]);
    assert_eq!(history(store, 101), [("mine".to_owned(), None), ("of the block".to_owned(), None)], "in order");
    assert_eq!(history(store, 104), [("hi".to_owned(), Some("client is unsubscribed".to_owned()))]);
    assert_eq!(history(store, 105), [("hi".to_owned(), Some("client is blocked".to_owned()))]);
    // Each client's messages are claimed as they are when its own block wrote them.
    let claims = outbox::claim(store, ProjectId(1), now(), &lease(now(), 1), 10, 10).unwrap();
    let texts: Vec<(i64, Vec<&str>)> =
        claims.iter().map(|claim| (claim.client.0, claim.messages.iter().map(|message| message.text.as_str()).collect())).collect();
    assert_eq!(texts, [(101, vec!["mine", "of the block"]), (102, vec!["#{name}"])]);
    assert_eq!(
        ann(store).message(Some(ClientId(101)), None, None, None).map_err(|error| error.to_string()),
        Err("there is no text to send".to_owned())
    );
}

fn messages_later(store: &dyn Store) {
    shop(store);
    let to = Some(ClientId(102));
    let mut session = ann(store);
    for (delay, text) in [
        (Delay::Seconds(30.5), "half"),
        (Delay::Seconds(7200.0), "an hour"),
        (Delay::Until(session.local(at(21, 9, 0))), "date"),
        (Delay::Seconds(-5.0), "at once"),
        (Delay::Seconds(f64::NAN), "now"),
        (Delay::Until(session.local(at(1, 9, 0))), "past"),
    ] {
        assert!(session.message(to, Some(text), None, Some(delay)).unwrap(), "{text}");
    }
    assert!(session.message(to, None, Some(BlockId(20)), Some(Delay::Seconds(60.0))).unwrap());
    session.commit().unwrap();
    let dump = as_json(store);
    let scheduled: Vec<(Option<&str>, Option<&str>)> = dump["clients"][1]["scheduled"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (message["text"].as_str(), message["due_at"].as_str()))
        .collect();
    assert_eq!(
        scheduled,
        [
            (Some("half"), Some("2026-11-20 10:00:30.500000")),
            (Some("an hour"), Some("2026-11-20 11:00:00")),
            (Some("date"), Some("2026-11-21 09:00:00")),
            (None, Some("2026-11-20 10:01:00"))
        ]
    );
    assert_eq!(dump["clients"][1]["scheduled"][0]["do_not_cancel"], json!(false));
    assert_eq!(history(store, 102).len(), 3);
    assert!(waiting(store).is_empty());
    let mut session = ann(store);
    for _ in 0..28 {
        assert!(session.message(to, Some("x"), None, Some(Delay::Seconds(1.0))).unwrap());
    }
    let many = refused(session.message(to, Some("x"), None, Some(Delay::Seconds(1.0))));
    assert_eq!(many, Refusal::TooManyScheduled { client: ClientId(102), count: 32 });
    // An unsubscribed client's scheduled message is refused when it is due, not before.
    let mut session = client(store, 104);
    session.unsubscribe().unwrap();
    assert!(session.message(None, Some("x"), None, Some(Delay::Seconds(1.0))).unwrap());
}

fn account(platform_id: &str) -> Account<'_> {
    Account { platform_id, client_type: None, group: None }
}

/// The shop with clients that messengers know.
fn messengers(store: &dyn Store) {
    let mut json: serde_json::Value = serde_json::from_str(crate::SHOP).unwrap();
    for (index, (id, messenger, group)) in [("5", 1, "a"), ("6", 1, "b"), ("6", 1, "a"), ("5", 6, "a")].into_iter().enumerate() {
        let client = &mut json["clients"][index];
        (client["platform_id"], client["client_type"], client["group"]) = (json!(id), json!(messenger), json!(group));
    }
    load(store, &ProjectFile::from_json(&json, now()).expect("a project")).unwrap();
    load(store, &parse(crate::OTHER)).unwrap();
}

fn platform_messages(store: &dyn Store) {
    messengers(store);
    let mut session = ann(store);
    assert_eq!(session.find_client_id(account(" 6 ")).unwrap(), Some(ClientId(102)), "the lowest of several");
    assert_eq!(session.find_client_id(Account { group: Some("a"), ..account("6") }).unwrap(), Some(ClientId(103)));
    assert_eq!(session.find_client_id(Account { client_type: Some(6), ..account("5") }).unwrap(), Some(ClientId(104)));
    assert_eq!(session.find_client_id(Account { client_type: Some(6), ..account("6") }).unwrap(), None);
    assert!(session.platform_message(Account { group: Some("a"), ..account("6") }, Some("hi"), None, None).unwrap());
    assert!(session.platform_message(account("6"), Some("ignored"), Some(BlockId(20)), None).unwrap());
    assert_eq!(refused(session.platform_message(account("7"), Some("hi"), None, None)).roles(), [role::PLATFORM_ID]);
    session.commit().unwrap();
    assert_eq!(history(store, 103).len(), 1);
    assert_eq!(work(store), [(102, HostWork::Block { block: BlockId(20), text: None })]);
    assert_eq!(client(store, 105).find_client_id(account("5")).unwrap(), None, "nobody knows its messenger");
}

fn requests_are_kept_in_order(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.callback(Some(ClientId(103)), "one").unwrap());
    assert!(session.message(Some(ClientId(104)), None, Some(BlockId(20)), None).unwrap());
    assert!(session.switch_client(ClientId(105)).unwrap());
    assert!(session.callback(Some(ClientId(102)), "two").unwrap());
    assert!(session.switch_client(ClientId(101)).unwrap());
    assert!(session.callback(Some(ClientId(105)), "three").unwrap());
    assert_eq!(refused(session.callback(Some(ClientId(101)), "x")), Refusal::CallbackToOneself);
    assert_eq!(refused(session.callback(None, "x")), Refusal::CallbackToOneself);
    assert_eq!(refused(session.callback(Some(ClientId(102)), " ")), Refusal::EmptyCallback);
    session.commit().unwrap();
    let expected = [
        (103, callback("one")),
        (104, HostWork::Block { block: BlockId(20), text: None }),
        (102, callback("two")),
        (105, callback("three")),
    ];
    assert_eq!(work(store), expected);
    let mut session = ann(store);
    session.callback(Some(ClientId(102)), "four").unwrap();
    session.commit().unwrap();
    assert_eq!(work(store)[4], (102, callback("four")), "after those before, at the same time too");
    // What came in of a callback is not here: it runs nothing.
    assert!(dumped(store).clients.iter().all(|entry| entry.history.iter().all(|entry| entry.author != "callback")));
    let ids: Vec<_> = waiting(store).iter().map(|waiting| waiting.id).collect();
    assert!(requests::done(store, ProjectId(1), ids[0]).unwrap());
    assert!(!requests::done(store, ProjectId(1), ids[0]).unwrap(), "once");
    assert!(!requests::done(store, ProjectId(2), ids[1]).unwrap(), "another project");
    assert_eq!(work(store).len(), 4);
}

fn requests_are_claimed(store: &dyn Store) {
    shop(store);
    let ask = |by: i64, texts: &[&str]| {
        let mut session = client(store, by);
        for text in texts {
            session.callback(Some(ClientId(103)), text).unwrap();
        }
        session.commit().unwrap();
    };
    ask(101, &["a1", "a2", "a3"]);
    ask(102, &["b1"]);
    let claim = |time: DateTime<Utc>, lease: &Lease, limit| requests::claim(store, ProjectId(1), time, lease, limit).unwrap();
    let texts = |claimed: &[WaitingRequest]| -> Vec<String> {
        claimed.iter().map(|waiting| waiting.request.work.text().unwrap_or_default().to_owned()).collect()
    };
    let (mine, other) = (lease(now(), 1), lease(now(), 1));
    let first = claim(now(), &mine, 2);
    assert_eq!(texts(&first), ["a1", "b1"], "the first ones, by time and client");
    assert_eq!(requests::claimed(store, ProjectId(1), &mine).unwrap(), first);
    assert!(claim(now(), &other, 10).is_empty(), "what comes after one that somebody holds waits");
    assert!(requests::claim(store, ProjectId(2), now(), &other, 10).unwrap().is_empty());
    assert!(requests::done(store, ProjectId(1), first[0].id).unwrap());
    assert_eq!(texts(&claim(now(), &other, 10)), ["a2", "a3"]);
    requests::put_off(store, ProjectId(1), &first[1], after(5)).unwrap();
    ask(102, &["b2"]);
    let later = lease(now(), 1);
    assert!(claim(now(), &later, 10).is_empty());
    // Whoever does not come back loses the lease; what was put off comes in its turn.
    let late = lease(after(2), 1);
    assert_eq!(texts(&claim(after(2), &late, 10)), ["a2", "a3"]);
    requests::put_off(store, ProjectId(1), &first[1], after(0)).unwrap();
    assert!(claim(after(2), &lease(now(), 9), 10).is_empty(), "the lease was given up before");
    assert_eq!(texts(&claim(after(6), &lease(after(6), 1), 10)), ["b1", "a2", "b2", "a3"]);
}

fn requests_are_taken_back(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let mut session = ann(store);
    session.checkpoint();
    session.callback(Some(ClientId(103)), "x").unwrap();
    session.message(Some(ClientId(102)), Some("x"), None, None).unwrap();
    session.message(Some(ClientId(102)), Some("x"), None, Some(Delay::Seconds(9.0))).unwrap();
    session.merge_client(ClientId(102), None).unwrap();
    session.pause_bot(3.0).unwrap();
    assert!(session.undo().unwrap());
    assert!(session.client().main_client.is_none() && session.client().paused_until.is_none());
    session.commit().unwrap();
    assert_eq!(as_json(store), before);
    let script = "message(102, 'x')\ncallback(103, 'y')\nmessage(103, '', 20)\nsend_notification('z')\npause_bot(9)\nx = 1 / 0";
    run(store, 101, script, &Event::at(now()).with_id("broken"));
    assert_eq!(history(store, 102), []);
    assert_eq!(work(store), []);
    // A redelivery asks for nothing again.
    let event = Event::at(now()).with_id("once");
    let first = run(store, 101, "callback(103, 'y')", &event);
    let again = run(store, 101, "callback(103, 'y')", &event);
    assert!(again.repeated && again.effects == first.effects);
    assert_eq!(work(store), [(103, callback("y"))]);
}

fn an_event_of_a_request(store: &dyn Store) {
    shop(store);
    run(store, 101, "callback(102, 'paid')\nmessage(102, 'As it is', 20)", &Event::at(now()));
    let [first, second] = <[WaitingRequest; 2]>::try_from(waiting(store)).expect("two requests");
    let script = "seen = question\nfrom = message_from_outside";
    let outcome = run(store, 102, script, &Event::of_request(&first, now()));
    assert_eq!((&outcome.variables["seen"], &outcome.variables["from"]), (&json!("paid"), &json!(3)));
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(20)), script, "Its own").expect("it compiles").with_text("As it is");
    let event = Event::of_request(&second, now());
    let outcome = engine.run(store, ProjectId(1), ClientId(102), &block, &event).expect("a run");
    assert_eq!((&outcome.variables["from"], outcome.message.text.as_deref()), (&json!(1), Some("As it is")));
    assert!(engine.run(store, ProjectId(1), ClientId(102), &block, &event).expect("a run").repeated);
    assert_eq!(run(store, 102, script, &Event::at(now())).variables["from"], json!(0), "for that run only");
    let telephony = Event::at(now()).from_outside(calc::crm::Outside::Telephony);
    assert_eq!(run(store, 102, script, &telephony).variables["from"], json!(5));
}

fn notifications(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.send_notification("All", None, 0).unwrap());
    let emails = |emails: &[&str]| -> Vec<String> { emails.iter().map(|email| (*email).to_owned()).collect() };
    assert!(session.send_notification("Some", Some(&emails(&[" OLGA@example.com", "irina@example.com", "olga@example.com"])), 3).unwrap());
    assert!(!session.send_notification("Nobody", Some(&[]), 0).unwrap());
    let unknown = session.send_notification("x", Some(&emails(&["olga@example.com", "stranger@example.com"])), 0);
    assert_eq!(refused(unknown).roles(), [role::OPERATOR]);
    assert_eq!(refused(session.send_notification("x", None, 4)), Refusal::UnknownPriority(4));
    assert_eq!(refused(session.send_notification(" ", None, 0)), Refusal::NothingToSend);
    session.commit().unwrap();
    let dump = as_json(store);
    assert_eq!(
        dump["notifications"],
        json!([
            {"text": "All", "operators": ["Olga@example.com", "pavel@example.com", "irina@example.com"], "priority": 0, "client": 101, "at": "2026-11-20 10:00:00"},
            {"text": "Some", "operators": ["Olga@example.com", "irina@example.com"], "priority": 3, "client": 101, "at": "2026-11-20 10:00:00"},
        ])
    );
    assert_eq!(dump["events"], json!([]));
    assert_eq!(waiting(store).len(), 2);
}

/// What the bot has sent to a client, delivered under a number.
fn deliver(store: &dyn Store, to: i64, text: &str, ids: Option<&str>) {
    let mut session = client(store, to);
    session.queue_message(text, None);
    session.commit().unwrap();
    let message = outbox::pending(store, ProjectId(1), 10).unwrap().pop().expect("a message");
    assert!(outbox::confirm_numbered(store, ProjectId(1), message.id, ids).unwrap());
}

fn numbered_messages(store: &dyn Store) {
    shop(store);
    assert_eq!(ann(store).last_message_id().unwrap(), None);
    for number in 1..=11 {
        deliver(store, 101, "x", Some(&number.to_string()));
    }
    deliver(store, 101, "picture", Some("812_813"));
    deliver(store, 101, "unnumbered", None);
    deliver(store, 102, "other", Some("99"));
    let mut session = ann(store);
    assert_eq!(session.last_message_id().unwrap().as_deref(), Some("812_813"));
    let last: Vec<String> = session.last_messages_ids().unwrap();
    assert_eq!(last, ["812_813", "11", "10", "9", "8", "7", "6", "5", "4", "3"]);
    let entry = &dumped(store).clients[0].history;
    assert_eq!(entry.iter().filter(|entry| entry.message_ids.is_some()).count(), 12);
}

fn removed_messages(store: &dyn Store) {
    messengers(store);
    for (to, number) in [(101, "1"), (101, "2_3"), (104, "9")] {
        deliver(store, to, "x", Some(number));
    }
    let mut session = ann(store);
    assert!(session.remove_last_message().unwrap());
    assert_eq!(session.last_message_id().unwrap().as_deref(), Some("1"));
    assert!(session.remove_last_message().unwrap());
    assert!(!session.remove_last_message().unwrap(), "none is left");
    session.commit().unwrap();
    assert!(!client(store, 104).remove_last_message().unwrap(), "WhatsApp cannot");
    let remove = |ids: &str| (101, HostWork::Remove { message_ids: ids.to_owned() });
    assert_eq!(work(store), [remove("2_3"), remove("1")]);
    assert_eq!(ann(store).last_messages_ids().unwrap(), Vec::<String>::new());
    let removed: Vec<bool> = dumped(store).clients[0].history.iter().map(|entry| entry.removed).collect();
    assert_eq!(removed, [false, true, true], "what the client wrote is not the bot's");
}

fn a_paused_client(store: &dyn Store) {
    shop(store);
    let outcome = run(store, 101, "pause_bot('1.5')\nmessage(102, 'on and on')", &Event::at(now()));
    assert_eq!(outcome.skipped, None);
    assert_eq!(dumped(store).clients[0].client.paused_until, Some(now() + Duration::seconds(90)));
    let block = "set_note('ran')";
    let is_paused = |outcome: &Outcome| matches!(outcome.skipped, Some(Skipped::ClientPaused { until }) if until.to_utc() == now() + Duration::seconds(90));
    let text = Event::at(after(1)).with_id("text").with_text("hello?");
    let outcome = run(store, 101, block, &text);
    assert!(is_paused(&outcome), "{outcome:?}");
    assert!(run(store, 101, block, &text).repeated, "it was handled");
    assert!(is_paused(&run(store, 101, block, &Event::at(after(1)).with_id("callback").with_callback("go"))));
    let due = Event::at(after(1)).with_id("due");
    assert!(is_paused(&run(store, 101, block, &due)));
    let entry = &dumped(store).clients[0];
    assert_eq!(entry.notes, []);
    let authors: Vec<&str> = entry.history.iter().map(|entry| entry.author.as_str()).collect();
    assert_eq!(authors, ["client", "client", "callback"]);
    assert_eq!((entry.client.question.as_deref(), entry.client.last_message_at), (Some("hello?"), Some(after(1))));
    // What is due was not handled: it waits.
    let outcome = run(store, 101, block, &Event { at: after(2), ..due });
    assert!(outcome.skipped.is_none() && !outcome.repeated);
    assert_eq!(dumped(store).clients[0].notes.len(), 1);
    // 0 ends a pause, another one takes its place.
    let mut session = ann(store);
    session.pause_bot(60.0).unwrap();
    session.pause_bot(0.5).unwrap();
    assert_eq!(session.client().paused_until, Some(now() + Duration::seconds(30)));
    session.pause_bot(0.0).unwrap();
    assert_eq!(session.client().paused_until, None);
    for minutes in [-1.0, 1e12, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(refused(session.pause_bot(minutes)).roles(), [role::MINUTES], "{minutes}");
    }
    session.commit().unwrap();
    assert_eq!(dumped(store).clients[0].client.paused_until, None);
}

fn what_is_due_waits(store: &dyn Store) {
    shop(store);
    let engine = Engine::new();
    let block = engine.block(Some(BlockId(9)), "set_note(question)", "Its own").expect("it compiles");
    let mut talk = calc::engine::Conversation::new(&engine, store, ProjectId(1), ClientId(102), now());
    for input in ["message(text='one', timeout=60)", "message(text='two', message_id=9, timeout=120)", "pause_bot(5)"] {
        assert!(talk.input(input).unwrap().is_fine(), "{input}");
    }
    let of = |id: BlockId| (id == BlockId(9)).then(|| block.clone());
    assert!(talk.wait("wait", after(4), &of).unwrap().is_empty(), "the bot is paused");
    let delivered = talk.wait("wait", after(6), &of).unwrap();
    let texts: Vec<Option<&str>> = delivered.iter().map(|delivered| delivered.outcome.message.text.as_deref()).collect();
    assert_eq!(texts, [Some("one"), Some("two")], "in the order of their times, each text in place of the block's message");
    talk.commit().unwrap();
    let entry = &dumped(store).clients[1];
    assert_eq!(entry.history.iter().map(|entry| entry.at).collect::<Vec<_>>(), [after(5); 2], "when the pause was over");
    assert!(entry.scheduled.is_empty());
}

fn mains(store: &dyn Store) -> Vec<Option<i64>> {
    dumped(store).clients.iter().map(|entry| entry.client.main_client.map(i64::from)).collect()
}

fn groups(store: &dyn Store) {
    shop(store);
    assert_eq!(mains(store), [None, None, Some(101), Some(101), None]);
    let mut session = client(store, 102);
    assert_eq!(session.get_main_id(None).unwrap(), ClientId(102));
    assert_eq!(session.get_main_id(Some(ClientId(104))).unwrap(), ClientId(101));
    assert_eq!(refused(session.get_main_id(Some(ClientId(9)))).roles(), [role::CLIENT]);
    // Both groups become one, around the first.
    assert!(session.merge_client(ClientId(102), Some(ClientId(103))).unwrap());
    assert_eq!(session.get_bind_clients().unwrap(), [101, 103, 104].map(ClientId));
    let effects = session.effects().len();
    assert!(session.merge_client(ClientId(102), Some(ClientId(104))).unwrap(), "already so");
    assert_eq!(session.effects().len(), effects);
    assert!(session.merge_client(ClientId(103), None).unwrap(), "another main client");
    assert_eq!(session.get_bind_clients().unwrap(), [103, 101, 104].map(ClientId));
    assert_eq!(refused(session.merge_client(ClientId(102), None)), Refusal::LinkedToItself(ClientId(102)));
    assert_eq!(refused(session.merge_client(ClientId(9), None)), Refusal::UnknownMainClient(ClientId(9)));
    assert_eq!(refused(session.merge_client(ClientId(103), Some(ClientId(9)))).roles(), [role::CLIENT]);
    session.commit().unwrap();
    assert_eq!(mains(store), [Some(103), Some(103), None, Some(103), None]);
    // The main client leaves the rest to the lowest id.
    let mut session = client(store, 103);
    assert!(session.unmerge_client(None).unwrap());
    assert_eq!(refused(session.unmerge_client(None)), Refusal::NotLinked(ClientId(103)));
    assert_eq!(session.get_bind_clients().unwrap(), []);
    session.commit().unwrap();
    assert_eq!(mains(store), [None, Some(101), None, Some(101), None]);
    let mut session = client(store, 105);
    assert!(session.unmerge_client(Some(ClientId(104))).unwrap());
    assert!(session.unmerge_client(Some(ClientId(102))).unwrap());
    assert_eq!(refused(session.unmerge_client(Some(ClientId(101)))).roles(), [role::CLIENT], "nobody is left in its group");
    session.commit().unwrap();
    assert_eq!(mains(store), [None; 5]);
}

/// Two who change one group at once notice each other.
fn groups_at_once(store: &dyn Store) {
    shop(store);
    let (mut one, mut other) = (client(store, 102), client(store, 105));
    assert!(one.merge_client(ClientId(101), None).unwrap());
    assert!(other.unmerge_client(Some(ClientId(101))).unwrap());
    one.commit().unwrap();
    assert_eq!(other.commit().err().map(|error| error.kind()), Some(calc::crm::StoreErrorKind::Conflict));
    assert_eq!(mains(store), [None, Some(101), Some(101), Some(101), None]);
}

/// Blocks of two clients that write to each other neither wait for each other for ever nor lose a message.
fn two_blocks_write_to_each_other(store: &dyn Store) {
    const TIMES: usize = 12;
    shop(store);
    let engine = Engine::new();
    std::thread::scope(|scope| {
        for (own, other) in [(101, 102), (102, 101), (101, 105)] {
            let (engine, store) = (&engine, store);
            let script = format!("set_note('x')\nmessage({other}, 'from {own}')\ncallback({other}, 'from {own}')");
            let block = engine.block(None, &script, "").expect("it compiles");
            scope.spawn(move || {
                for number in 0..TIMES {
                    let event = Event::at(now()).with_id(format!("{own} {other} {number}"));
                    // A store that others keep busy is asked again.
                    while let Err(error) = engine.run(store, ProjectId(1), ClientId(own), &block, &event) {
                        assert!(error.to_string().contains("others"), "{error}");
                    }
                }
            });
        }
    });
    for (id, count) in [(101, TIMES), (102, TIMES), (105, TIMES)] {
        assert_eq!(history(store, id).len(), count, "{id}");
    }
    assert_eq!(waiting(store).len(), 3 * TIMES);
    assert_eq!(dumped(store).clients[0].notes.len(), 2 * TIMES);
}

fn messages_of_blocks(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.message(None, Some("x"), Some(BlockId(9)), Some(Delay::Seconds(5.0))).unwrap();
    session.message(None, None, Some(BlockId(10)), Some(Delay::Seconds(5.0))).unwrap();
    assert!(session.delete_pended_messages_from_list(&[BlockId(9), BlockId(77)], false).unwrap());
    session.commit().unwrap();
    let left = |store: &dyn Store| -> Vec<Option<i64>> {
        dumped(store).clients[0].scheduled.iter().map(|message| message.block.map(i64::from)).collect()
    };
    assert_eq!(left(store), [Some(9), None, Some(10)], "one of block 9 is not to be cancelled, one runs no block");
    let mut session = ann(store);
    session.delete_pended_messages_from_list(&[BlockId(9)], true).unwrap();
    assert_eq!(kinds(&session), ["scheduled_deleted"]);
    session.commit().unwrap();
    assert_eq!(left(store), [None, Some(10)]);
}

fn details_of_operators(store: &dyn Store) {
    let mut json: serde_json::Value = serde_json::from_str(crate::SHOP).unwrap();
    json["operators"][0]["contact_email"] = json!("work@example.com");
    json["operators"][0]["custom_field2"] = json!("ext. 12");
    json["blocks"] = json!([{"id": 101, "name": "Of a client's id"}]);
    load(store, &ProjectFile::from_json(&json, now()).expect("a project")).unwrap();
    let mut session = ann(store);
    assert_eq!(session.get_operator_info("email").unwrap().as_deref(), Some("work@example.com"));
    assert_eq!(session.get_operator_info(" custom_field2 ").unwrap().as_deref(), Some("ext. 12"));
    assert_eq!(session.get_operator_info("phone").unwrap(), None);
    assert_eq!(refused(session.get_operator_info("salary")).roles(), [role::FIELD]);
    assert_eq!(session.get_block_name_by_id(BlockId(101)).unwrap(), "Of a client's id");
    assert_eq!(refused(session.get_block_name_by_id(BlockId(7))).roles(), [role::BLOCK]);
    assert!(!session.status_task(calc::crm::TaskId(901)).unwrap());
    session.done_task(calc::crm::TaskId(901)).unwrap();
    assert!(session.status_task(calc::crm::TaskId(901)).unwrap());
    session.free_client().unwrap();
    assert_eq!(session.get_operator_info("phone").unwrap(), None);
}

fn the_new_sections_load_again(store: &dyn Store) {
    let mut json: serde_json::Value = serde_json::from_str(crate::SHOP).unwrap();
    json["blocks"] = json!([{"id": 12, "name": "Welcome"}, {"id": -3, "name": "Old"}]);
    json["events"] = json!([
        {"kind": "remove", "client": 102, "message_ids": "5_6", "at": "2026-11-20 10:00:00"},
        {"kind": "callback", "client": 101, "text": "paid", "at": "2026-11-19 10:00:00"},
        {"kind": "block", "client": 101, "block": 12, "text": "x", "at": "2026-11-20 10:00:00"},
        {"kind": "block", "client": 101, "block": 12},
    ]);
    json["notifications"] = json!([{"text": "n", "operators": ["olga@example.com"], "priority": 2, "client": 104}]);
    json["clients"][0]["paused_until"] = json!("2026-11-20 12:00:00");
    json["clients"][0]["group"] = json!("shop_bot");
    json["clients"][0]["history"][0]["removed"] = json!(true);
    let file = ProjectFile::from_json(&json, now()).expect("a project");
    load(store, &file).unwrap();
    let first = dumped(store);
    assert_eq!((&first.events, &first.notifications, &first.blocks), (&file.events, &file.notifications, &file.blocks), "in their order");
    let again = ProjectFile::parse(&first.to_text(), now() + Duration::days(9)).unwrap();
    load(store, &again).unwrap();
    assert_eq!(dumped(store).to_text(), first.to_text());
    assert_eq!(first.next_id, 902, "ids of blocks are the host's");
    // A copy of one client has the names of blocks, and no requests.
    let one = calc::crm::dump_client(store, ProjectId(1), ClientId(101)).unwrap().unwrap();
    assert_eq!((one.blocks.len(), one.events.len()), (2, 0));
    // What is loaded over them takes them away.
    shop(store);
    assert_eq!(waiting(store), []);
}

fn other_projects_are_out_of_reach(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let stranger = Some(ClientId(1101));
    refused(session.message(stranger, Some("x"), None, None));
    refused(session.callback(stranger, "x"));
    refused(session.merge_client(ClientId(1101), None));
    refused(session.merge_client(ClientId(101), stranger));
    refused(session.unmerge_client(stranger));
    refused(session.get_main_id(stranger));
    refused(session.send_notification("x", Some(&["stranger@example.com".to_owned()]), 0));
    refused(session.status_task(calc::crm::TaskId(1901)));
    assert_eq!(session.effects().len(), 0);
}
