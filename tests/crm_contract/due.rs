//! What falls due: scheduled messages and clients to distribute are claimed by one host each. What hosts and those who watch
//! them ask about all that waits.

use calc::crm::depth::{Depth, depth};
use calc::crm::inbox::{self, Handled, NewEvent};
use calc::crm::{BlockId, ClientId, ProjectId, Store, outbox, queue, scheduled};
use chrono::Duration;

use crate::delivery::{handled, lease, new_event, say};
use crate::{ann, at, client, dumped, now, on_every_store, shop};

on_every_store! {
    scheduled_messages_are_claimed_once scheduled_messages_of_a_client_keep_their_order
    what_was_claimed_without_an_answer_is_found queued_clients_are_claimed_once what_is_due how_much_waits
}

fn scheduled_messages_are_claimed_once(store: &dyn Store) {
    shop(store);
    let claim = |day, limit| scheduled::claim(store, ProjectId(1), at(day, 10, 0), &lease(at(day, 10, 0), 5), limit).unwrap();
    assert!(claim(20, 10).is_empty(), "none is due in November");
    let later = |minutes| now() + Duration::days(30) + Duration::minutes(minutes);
    let claim = |time| scheduled::claim(store, ProjectId(1), time, &lease(time, 5), 10).unwrap();
    let first = claim(later(0));
    assert_eq!(
        first.iter().map(|message| (message.block, message.text.as_deref())).collect::<Vec<_>>(),
        [(Some(BlockId(9)), None)],
        "the first of the client"
    );
    assert!(claim(later(1)).is_empty(), "held, and the other one comes after it");
    assert!(scheduled::done(store, ProjectId(1), &first[0]).unwrap());
    assert!(!scheduled::done(store, ProjectId(1), &first[0]).unwrap());
    let first = claim(later(1));
    assert_eq!((first.len(), first[0].text.as_deref()), (1, Some("hello?")));
    let second = claim(later(7));
    assert_eq!(second.len(), 1, "it was not done in time");
    assert_eq!(second[0].event_id(), first[0].event_id());
    assert!(!scheduled::done(store, ProjectId(1), &first[0]).unwrap(), "it is another's by now");
    scheduled::release(store, ProjectId(1), &first[0]).unwrap();
    assert!(claim(later(8)).is_empty(), "nor can its former holder let go of it");
    scheduled::release(store, ProjectId(1), &second[0]).unwrap();
    let second = claim(later(8));
    assert_eq!(second.len(), 1, "handed back");
    let mut session = ann(store);
    session.block_client().unwrap();
    session.commit().unwrap();
    assert!(!scheduled::done(store, ProjectId(1), &second[0]).unwrap(), "cancelled");
}

/// However many claim at once: of each client the first one that is not done, by its time and then by its number.
fn scheduled_messages_of_a_client_keep_their_order(store: &dyn Store) {
    shop(store);
    let mut file = dumped(store);
    let schedule = |minute, text: &str| calc::crm::model::Scheduled {
        block: None,
        text: Some(text.to_owned()),
        due_at: at(20, 9, minute),
        do_not_cancel: false,
    };
    file.clients[0].scheduled = vec![schedule(20, "third"), schedule(10, "first"), schedule(10, "second"), schedule(30, "last")];
    file.clients[1].scheduled = vec![schedule(15, "another client")];
    calc::crm::load(store, &file).unwrap();
    let claim = |time| scheduled::claim(store, ProjectId(1), time, &lease(time, 5), 10).unwrap();
    let texts = |messages: &[scheduled::DueMessage]| messages.iter().filter_map(|message| message.text.clone()).collect::<Vec<_>>();
    let first = claim(now());
    assert_eq!(texts(&first), ["first", "another client"]);
    assert!(claim(now()).is_empty() && inbox::due(store, &[ProjectId(1)], now()).unwrap().is_empty(), "all others come later");
    assert!(scheduled::done(store, ProjectId(1), &first[0]).unwrap());
    let second = claim(now());
    assert_eq!(texts(&second), ["second"]);
    // One that cannot be done holds up nobody, and comes again when its time has come.
    scheduled::put_off(store, ProjectId(1), &second[0], now() + Duration::minutes(3)).unwrap();
    let third = claim(now());
    assert_eq!(texts(&third), ["third"]);
    let later = now() + Duration::minutes(4);
    let second = claim(later);
    assert_eq!(texts(&second), ["second"]);
    assert!(scheduled::done(store, ProjectId(1), &third[0]).unwrap());
    assert!(claim(later).is_empty(), "the last one waits for the second");
    scheduled::release(store, ProjectId(1), &second[0]).unwrap();
    let second = claim(later);
    assert_eq!(texts(&second), ["second"]);
    assert!(scheduled::done(store, ProjectId(1), &second[0]).unwrap());
    assert_eq!(texts(&claim(later)), ["last"]);
}

/// A claim whose answer is lost is found again by its lease, and by no other.
fn what_was_claimed_without_an_answer_is_found(store: &dyn Store) {
    shop(store);
    let mut file = dumped(store);
    file.clients[2].client.queued = true;
    file.clients[2].client.queued_until = Some(at(20, 9, 0));
    calc::crm::load(store, &file).unwrap();
    say(store, 101, "one");
    inbox::enqueue(store, &[new_event(102, "two")], now()).unwrap();
    let later = now() + Duration::days(30);
    let (ours, another) = (lease(later, 1), lease(later, 1));
    let answers = (
        outbox::claim(store, ProjectId(1), later, &ours, 10, 10).unwrap(),
        inbox::claim(store, ProjectId(1), later, &ours, 10, 10).unwrap(),
        scheduled::claim(store, ProjectId(1), later, &ours, 10).unwrap(),
        queue::claim(store, ProjectId(1), later, &ours, 10).unwrap(),
    );
    assert_eq!((answers.0.len(), answers.1.len(), answers.2.len(), answers.3.len()), (1, 1, 1, 1));
    let found = |project, lease| {
        (
            outbox::claimed(store, project, lease, 10).unwrap(),
            inbox::claimed(store, project, lease, 10).unwrap(),
            scheduled::claimed(store, project, lease).unwrap(),
            queue::claimed(store, project, lease).unwrap(),
        )
    };
    assert_eq!(found(ProjectId(1), &ours), answers);
    assert_eq!(found(ProjectId(2), &ours), Default::default(), "another project");
    let others = found(ProjectId(1), &another);
    assert_eq!((others.0, others.1, others.2), Default::default(), "another lease with the same end");
    // What was done with, or taken over, is not found.
    outbox::release(store, ProjectId(1), &answers.0, later).unwrap();
    let after = later + Duration::minutes(2);
    inbox::claim(store, ProjectId(1), after, &another, 10, 10).unwrap();
    scheduled::done(store, ProjectId(1), &answers.2[0]).unwrap();
    queue::release(store, ProjectId(1), answers.3[0], ours.until, later).unwrap();
    assert_eq!(found(ProjectId(1), &ours), Default::default());
}

fn queued_clients_are_claimed_once(store: &dyn Store) {
    shop(store);
    let mut file = dumped(store);
    for entry in &mut file.clients[1..3] {
        entry.client.queued = true;
        entry.client.queued_until = Some(at(20, 9, 0));
    }
    calc::crm::load(store, &file).unwrap();
    let claim = |minute| {
        let time = at(20, 10, minute);
        queue::claim(store, ProjectId(1), time, &lease(time, 5), 10).unwrap()
    };
    assert_eq!(claim(0), [102, 103].map(ClientId));
    assert!(claim(4).is_empty());
    let mut session = client(store, 102);
    assert!(session.distribute_client().unwrap());
    session.commit().unwrap();
    assert_eq!(claim(6), [ClientId(103)]);
    queue::release(store, ProjectId(1), ClientId(103), at(20, 10, 5), at(20, 10, 7)).unwrap();
    assert!(claim(7).is_empty(), "held by a later claim");
    queue::release(store, ProjectId(1), ClientId(103), at(20, 10, 11), at(20, 10, 8)).unwrap();
    assert_eq!(claim(8), [ClientId(103)], "handed back");
    // One that has an operator already waits no longer.
    let mut session = client(store, 103);
    assert!(session.assign_to_user(Some("olga@example.com"), false).unwrap());
    session.commit().unwrap();
    let mut file = dumped(store);
    file.clients[2].client.queued = true;
    file.clients[2].client.queued_until = Some(at(20, 9, 0));
    calc::crm::load(store, &file).unwrap();
    let mut session = client(store, 103);
    assert!(session.distribute_client().unwrap());
    session.commit().unwrap();
    assert!(claim(20).is_empty());
}

fn what_is_due(store: &dyn Store) {
    shop(store);
    let due = |time| inbox::due(store, &[ProjectId(1), ProjectId(2)], time).unwrap();
    assert!(due(now()).is_empty());
    assert!(inbox::due(store, &[], now()).unwrap().is_empty());
    inbox::enqueue(store, &[NewEvent { project: ProjectId(2), ..new_event(1101, "x") }], now()).unwrap();
    let [(ProjectId(2), found)] = due(now())[..] else { panic!("project 2 only") };
    assert_eq!((found.events, found.scheduled, found.queued), (true, false, false));
    let [(ProjectId(1), found), (ProjectId(2), _)] = due(now() + Duration::days(30))[..] else { panic!("both") };
    assert_eq!((found.events, found.scheduled, found.queued), (false, true, false));
    inbox::claim(store, ProjectId(2), now(), &lease(now(), 1), 10, 10).unwrap();
    assert!(due(now()).is_empty(), "held");
}

fn how_much_waits(store: &dyn Store) {
    shop(store);
    let mut file = dumped(store);
    file.clients[2].client.queued = true;
    file.clients[2].client.queued_until = Some(at(20, 9, 0));
    calc::crm::load(store, &file).unwrap();
    let depths = |time| depth(store, &[ProjectId(1), ProjectId(2)], time).unwrap();
    assert_eq!(depths(at(20, 8, 0)), [(ProjectId(1), Depth::default()), (ProjectId(2), Depth::default())]);
    assert!(depth(store, &[], now()).unwrap().is_empty());
    say(store, 101, "one");
    say(store, 101, "two");
    let mut session = ann(store);
    session.callback(Some(ClientId(102)), "three").unwrap();
    session.commit().unwrap();
    inbox::enqueue(store, &[new_event(101, "one"), new_event(102, "two"), new_event(102, "three")], now()).unwrap();
    let claims = inbox::claim(store, ProjectId(1), now(), &lease(now(), 1), 10, 10).unwrap();
    let refused = vec![(claims[0].events[0].number, "there is no block 7".to_owned())];
    inbox::finish(store, ProjectId(1), &[Handled { refused, ..handled(&claims[0], 1) }], now()).unwrap();
    let expected = Depth { inbox: 2, refused: 1, outbox: 2, requests: 1, scheduled: 0, queued: 1 };
    assert_eq!(depths(now()), [(ProjectId(1), expected), (ProjectId(2), Depth::default())]);
    let later = now() + Duration::days(30);
    assert_eq!(depths(later)[0].1, Depth { scheduled: 2, ..expected });
    queue::claim(store, ProjectId(1), later, &lease(later, 1), 10).unwrap();
    scheduled::claim(store, ProjectId(1), later, &lease(later, 1), 10).unwrap();
    assert_eq!(depths(later)[0].1, Depth { scheduled: 1, queued: 0, ..expected }, "what is held is somebody's");
}
