//! Every script in examples/ runs on the demo project, without a diagnostic, and does what its head says.

use calc::crm::{ClientId, Effect, ProjectId};
use calc::engine::{Block, Engine, Event, MessageStatus, Outcome, Status};

use crate::pages;

const FOLDER: &str = "examples";

fn block(engine: &Engine, name: &str) -> Block {
    let source = pages::text(&format!("{FOLDER}/{name}"));
    let block = engine.block_file(None, &source).unwrap_or_else(|diagnostics| panic!("{name}: {diagnostics:?}"));
    assert_eq!(block.warnings(), [], "{name}");
    assert_eq!(block.unset_words(), [], "{name}");
    block
}

/// Runs examples one after another on one copy of the demo project; returns the last outcome.
fn run(client: i64, text: Option<&str>, names: &[&str]) -> Outcome {
    let store = pages::demo_store();
    let engine = Engine::new();
    let mut last = None;
    for name in names {
        let mut event = Event::at(pages::now()).with_seed(1);
        event.text = text.map(str::to_owned);
        let outcome = engine.run(&store, ProjectId(1), ClientId(client), &block(&engine, name), &event).expect("the store works");
        assert_eq!((outcome.status, outcome.diagnostics.as_slice()), (Status::Ok, [].as_slice()), "{name}");
        last = Some(outcome);
    }
    last.expect("an outcome")
}

/// What people read of the effects, without the message itself.
fn sentences(outcome: &Outcome) -> Vec<String> {
    let is_news = |effect: &&Effect| !matches!(effect, Effect::MessageQueued { .. } | Effect::MessageReceived { .. });
    outcome.effects.iter().filter(is_news).map(Effect::sentence).collect()
}

fn message(outcome: &Outcome) -> &str {
    assert_ne!(outcome.message.status, MessageStatus::Refused);
    outcome.message.text.as_deref().unwrap_or_default()
}

#[test]
fn every_example_says_what_it_does_and_when_and_runs() {
    let names = pages::files(FOLDER, &[".calc", ".block"]);
    assert!(names.len() >= 10);
    for name in names.iter().filter(|name| !name.ends_with(".test.calc")) {
        let source = pages::text(&format!("{FOLDER}/{name}"));
        let head = source.split("*/").next().unwrap_or_default();
        assert!(head.starts_with("/* ") && head.contains("\n   When: ") && head.contains("\n   What: "), "{name} has no head");
        run(101, None, &[name]);
    }
}

#[test]
fn lead_intake() {
    let outcome = run(101, None, &["lead_intake.block"]);
    assert_eq!(
        sentences(&outcome),
        [
            "deal 902 created  \"Website order: Coffee grinder\", budget 2900, New / Sales",
            "client 101 note added  \"New lead from the website: Coffee grinder, 2 900 roubles\"",
            "client 101 unread set  2 (was 1)",
        ]
    );
    assert!(message(&outcome).starts_with("Thank you, Ann Miller! Your order number is 902: Coffee grinder, 2 900 roubles.\nOlga will"));
    let outcome = run(103, None, &["lead_intake.block"]);
    assert!(sentences(&outcome).contains(&"client 103 assigned  olga@example.com".to_owned()));
}

#[test]
fn shift_handover() {
    assert_eq!(
        sentences(&run(101, None, &["shift_handover.calc"])),
        ["client 101 note added  \"Shift is over, olga@example.com goes on\""]
    );
    assert_eq!(
        sentences(&run(102, None, &["shift_handover.calc"])),
        [
            "client 102 assigned  olga@example.com",
            "task 902 created  \"Take over: Boris Orlov\" for olga@example.com, due 23.11.2026 10:00",
            "client 102 note added  \"Taken over from nobody by olga@example.com\"",
        ]
    );
}

#[test]
fn reminder_task() {
    let outcome = run(101, None, &["reminder_task.calc", "reminder_task.calc"]);
    assert_eq!(
        sentences(&outcome),
        ["task 902 done  \"Call Ann Miller\"", "task 903 created  \"Call Ann Miller\" for olga@example.com, due 23.11.2026 10:00",]
    );
}

#[test]
fn abandoned_order() {
    let reminder = "Hello, Ann Miller! Your order number 501 for 3 490 roubles waits for you. Shall we go on?";
    assert_eq!(message(&run(101, None, &["abandoned_order.block"])), reminder);
    assert_eq!(message(&run(101, None, &["abandoned_order.block", "abandoned_order.block"])), "");
    let silent = run(102, None, &["abandoned_order.block"]);
    assert_eq!(message(&silent), "");
    assert_eq!(
        sentences(&silent),
        ["client 102 assigned  olga@example.com", "task 902 created  \"Silent for 11 days\" for olga@example.com, due 22.11.2026 18:00",]
    );
}

#[test]
fn discount_ladder() {
    // Twice is the same price as once.
    for names in [&["discount_ladder.block"][..], &["discount_ladder.block", "discount_ladder.block"]] {
        let outcome = run(101, None, names);
        assert!(message(&outcome).starts_with("You have bought for 5 200 roubles, so your discount is 5 %."));
        assert!(message(&outcome).contains("The price: 3 316 in place of 3 490 roubles."));
    }
}

#[test]
fn a_goodbye_takes_two_blocks() {
    let first = run(101, None, &["farewell_1_message.block"]);
    assert_eq!(first.message.status, MessageStatus::Queued);
    let second = run(101, None, &["farewell_1_message.block", "farewell_2_unsubscribe.block"]);
    assert_eq!(second.message.status, MessageStatus::None);
    assert_eq!(
        sentences(&second),
        [
            "deal 501 variable set  why_lost = \"unsubscribed\"",
            "deal 501 status set  fail (was active)",
            "client 101 has no current deal now",
            "client 101 note added  \"Unsubscribed on 22.11.2026\"",
            "client 101 unsubscribed",
        ]
    );
}

#[test]
fn deal_search() {
    let outcome = run(101, None, &["deal_search.calc"]);
    assert!(sentences(&outcome).contains(&"deal 501 status set  success (was active)".to_owned()));
    assert!(sentences(&outcome).contains(&"deal 501 variable set  paid = 3490".to_owned()));
}

#[test]
fn weekly_counters() {
    let outcome = run(101, None, &["weekly_counters.calc", "weekly_counters.calc"]);
    assert_eq!(outcome.output, "week from 16.11.2026: 2 leads\nspring-sale: 2\n");
    assert_eq!(outcome.variables["project.weeks"], serde_json::json!({"16.11.2026": {"spring-sale": 2}}));
}

#[test]
fn clinic_appointment() {
    let appointment = |text| run(101, Some(text), &["clinic_appointment.block"]);
    let outcome = appointment("Please on 24.11.2026 at 9:30");
    assert_eq!(
        sentences(&outcome),
        [
            "deal 902 created  \"Appointment 24.11.2026 9:30\", budget 1800, New / Sales",
            "task 903 created  \"Appointment of Ann Miller\" for olga@example.com, due 24.11.2026 08:30",
        ]
    );
    assert_eq!(message(&outcome), "You have an appointment on 24.11.2026 at 9:30. Your number is 902.");
    for (text, answer) in [
        ("tomorrow", "Please write date and time like this: 23.11.2026 9:30"),
        ("31.02.2027 9:30", "Please write date and time like this: 23.11.2026 9:30"),
        ("20.11.2026 9:30", "The day must be tomorrow or later. Which one suits you?"),
        ("28.11.2026 9:30", "We work from Monday to Friday. Which day suits you?"),
        ("24.11.2026 20:00", "We work from 9:00 to 18:00. What time suits you?"),
    ] {
        assert_eq!(message(&appointment(text)), answer, "{text}");
    }
}

#[test]
fn school_trial_lesson() {
    let outcome = run(101, Some("spannish"), &["school_trial_lesson.block"]);
    assert_eq!(message(&outcome), "Spanish with Maria on Saturday, 28.11.2026, 12:00. The first lesson costs 1100 roubles.");
    let lost = run(101, Some("?"), &["school_trial_lesson.block"; 3]);
    assert_eq!(message(&lost), "Which language would you like to learn?\n1) English;\n2) Spanish;\n3) Chinese;");
    assert!(sentences(&lost).contains(&"client 101 note added  \"The client cannot choose a course, please help\"".to_owned()));
}

#[test]
fn delivery_cost() {
    let outcome = run(101, None, &["delivery_cost.calc"]);
    assert_eq!((&outcome.variables["distance_km"], &outcome.value), (&serde_json::json!(11.7), &serde_json::json!(340)));
}

#[test]
fn order_summary() {
    let outcome = run(101, None, &["order_summary.block"]);
    let wanted = "Your order:\n1) Green tea, 2 × 350 = 700;\n2) Cup, 4 × 420.5 = 1682;\nDelivery: 300\nTotal: 2682 roubles";
    assert_eq!(message(&outcome), wanted);
}
