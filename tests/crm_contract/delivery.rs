//! What hosts claim: clients with messages to deliver, clients with events. And what goes with time.

use calc::crm::inbox::{self, ClaimedClient, EnqueueError, Handled, NewEvent};
use calc::crm::outbox::{self, NextAttempt, Retries};
use calc::crm::prune::{Pruned, Retention, prune};
use calc::crm::{BlockId, ClientId, Lease, ProjectId, Store};
use chrono::{DateTime, Duration, Utc};

use crate::{ann, at, client, dumped, now, on_every_store, shop};

on_every_store! {
    a_client_is_claimed_by_one messages_that_do_not_arrive events_of_a_client_are_claimed_by_one the_inbox_takes_all_events_or_none refused_events_stay
    events_added_while_others_are_finished what_is_old_goes one_client_whole
}

/// A lease of some minutes.
pub(crate) fn lease(now: DateTime<Utc>, minutes: i64) -> Lease {
    Lease::new(now, Duration::minutes(minutes), &mut fastrand::Rng::new())
}

pub(crate) fn say(store: &dyn Store, to: i64, text: &str) {
    let mut session = client(store, to);
    session.queue_message(text, None);
    session.commit().unwrap();
}

fn texts(claims: &[outbox::Claim]) -> Vec<(i64, Vec<&str>)> {
    claims.iter().map(|claim| (claim.client.0, claim.messages.iter().map(|message| message.text.as_str()).collect())).collect()
}

fn a_client_is_claimed_by_one(store: &dyn Store) {
    shop(store);
    let claim = |time| outbox::claim(store, ProjectId(1), time, &lease(time, 1), 10, 10).unwrap();
    assert!(claim(now()).is_empty());
    for (to, text) in [(101, "one"), (102, "other"), (101, "two")] {
        say(store, to, text);
    }
    let first = claim(now());
    assert_eq!(texts(&first), [(101, vec!["one", "two"]), (102, vec!["other"])]);
    say(store, 101, "three");
    assert!(claim(now()).is_empty(), "held, what was added included");
    assert!(outbox::claim(store, ProjectId(2), now(), &lease(now(), 1), 10, 10).unwrap().is_empty(), "another project");
    assert!(outbox::confirm(store, ProjectId(1), first[0].messages[0].id).unwrap());
    assert!(outbox::release(store, ProjectId(1), &first[..1], now()).unwrap().is_empty());
    let second = claim(now());
    assert_eq!(texts(&second), [(101, vec!["two", "three"])], "in order, and nothing twice");
    // Whoever does not come back loses the lease.
    let later = now() + Duration::minutes(2);
    let third = claim(later);
    assert_eq!(texts(&third), [(101, vec!["two", "three"]), (102, vec!["other"])]);
    assert_eq!([second[0].attempt, third[0].attempt], [0, 1], "nobody knows whether it has tried");
    assert_eq!(outbox::release(store, ProjectId(1), &second, later).unwrap(), [ClientId(101)], "it is another's by now");
    assert!(outbox::release(store, ProjectId(1), &[], later).unwrap().is_empty());
    for claim in &third {
        for message in &claim.messages {
            assert!(outbox::confirm(store, ProjectId(1), message.id).unwrap());
        }
    }
    assert!(claim(later + Duration::minutes(2)).is_empty());
    assert!(outbox::pending(store, ProjectId(1), 10).unwrap().is_empty());
    say(store, 101, "again");
    assert_eq!(texts(&claim(later)), [(101, vec!["again"])]);
    // What waits still waits after a dump and a load.
    calc::crm::load(store, &dumped(store)).unwrap();
    assert_eq!(texts(&claim(later)), [(101, vec!["again"])]);
}

fn messages_that_do_not_arrive(store: &dyn Store) {
    shop(store);
    say(store, 101, "one");
    say(store, 101, "two");
    let retries = Retries { attempts: 3, first: Duration::seconds(10), longest: Duration::minutes(1) };
    let mut rng = fastrand::Rng::with_seed(1);
    let mut time = now();
    for attempt in 0..2 {
        let claims = outbox::claim(store, ProjectId(1), time, &lease(time, 1), 10, 10).unwrap();
        assert_eq!(claims[0].attempt, attempt);
        let id = claims[0].messages[0].id;
        let again = outbox::retry(store, ProjectId(1), &claims[0], id, "no network", &retries, (time, &mut rng)).unwrap();
        let NextAttempt::At(next) = again else { panic!("{again:?}") };
        let wait = next - time;
        let longest = Duration::seconds(10 << attempt);
        assert!(wait <= longest && wait >= longest / 2, "{wait}");
        assert!(outbox::claim(store, ProjectId(1), time, &lease(time, 1), 10, 10).unwrap().is_empty(), "not before its time");
        time = next;
    }
    let claims = outbox::claim(store, ProjectId(1), time, &lease(time, 1), 10, 10).unwrap();
    let id = claims[0].messages[0].id;
    assert_eq!(outbox::retry(store, ProjectId(1), &claims[0], id, "no network", &retries, (time, &mut rng)).unwrap(), NextAttempt::GivenUp);
    assert_eq!(
        outbox::retry(
            store,
            ProjectId(1),
            &outbox::Claim { attempt: 0, lease: 0, ..claims[0].clone() },
            id,
            "x",
            &retries,
            (time, &mut rng)
        )
        .unwrap(),
        NextAttempt::Lost
    );
    let history = &dumped(store).clients[0].history;
    assert_eq!(history[1].error.as_deref(), Some("no network"));
    let claims = outbox::claim(store, ProjectId(1), time, &lease(time, 1), 10, 10).unwrap();
    assert_eq!((texts(&claims), claims[0].attempt), (vec![(101, vec!["two"])], 0), "the next one begins again");
}

pub(crate) fn new_event(client: i64, text: &str) -> NewEvent {
    let (event, text) = (Some(text.to_owned()), Some(text.to_owned()));
    NewEvent { project: ProjectId(1), client: ClientId(client), event, block: BlockId(7), text, callback: None, at: now() }
}

fn waiting(claims: &[ClaimedClient]) -> Vec<(i64, Vec<&str>)> {
    fn texts(claim: &ClaimedClient) -> Vec<&str> {
        claim.events.iter().map(|event| event.text.as_deref().unwrap_or("none")).collect()
    }
    claims.iter().map(|claim| (claim.client.0, texts(claim))).collect()
}

pub(crate) fn handled(claim: &ClaimedClient, events: usize) -> Handled {
    let up_to = claim.events[..events].last().map(|event| event.number);
    Handled { client: claim.client, lease: claim.lease, up_to, refused: Vec::new() }
}

fn events_of_a_client_are_claimed_by_one(store: &dyn Store) {
    shop(store);
    let claim = |time| inbox::claim(store, ProjectId(1), time, &lease(time, 1), 10, 2).unwrap();
    assert!(claim(now()).is_empty());
    let callback = NewEvent { event: None, text: None, callback: Some("paid".to_owned()), ..new_event(101, "") };
    inbox::enqueue(store, &[new_event(101, "one"), new_event(102, "other"), callback, new_event(101, "three")], now()).unwrap();
    let first = claim(now());
    assert_eq!(waiting(&first), [(101, vec!["one", "none"]), (102, vec!["other"])]);
    let [one, paid] = first[0].events.as_slice() else { panic!("two events") };
    assert_eq!((one.event_id().as_str(), paid.callback.as_deref(), one.block, one.at), ("one", Some("paid"), BlockId(7), now()));
    assert!(paid.event_id() != one.event_id() && !paid.event_id().is_empty());
    inbox::enqueue(store, &[new_event(101, "four")], now()).unwrap();
    assert!(claim(now()).is_empty(), "held, what was added included");
    assert!(inbox::claim(store, ProjectId(2), now(), &lease(now(), 1), 10, 10).unwrap().is_empty(), "another project");

    // One was handled: it goes, and the rest can be claimed.
    inbox::finish(store, ProjectId(1), &[handled(&first[0], 1)], now()).unwrap();
    let second = claim(now());
    assert_eq!(waiting(&second), [(101, vec!["none", "three"])]);
    assert_eq!(second[0].events[0].event_id(), paid.event_id(), "the id of an event without one is always the same");

    // Whoever holds on keeps it, whoever does not come back loses it.
    let held: Vec<(ClientId, i64)> = [&first[1], &second[0]].map(|claim| (claim.client, claim.lease)).to_vec();
    let later = now() + Duration::seconds(50);
    assert!(inbox::extend(store, ProjectId(1), &held, later, Duration::minutes(1)).unwrap().is_empty());
    assert!(claim(now() + Duration::seconds(70)).is_empty(), "the lease was extended");
    let much_later = now() + Duration::minutes(2);
    let third = claim(much_later);
    assert_eq!(waiting(&third), [(102, vec!["other"]), (101, vec!["none", "three"])], "the longest waiting first");
    assert_eq!(
        inbox::extend(store, ProjectId(1), &held, much_later, Duration::minutes(1)).unwrap(),
        [ClientId(101), ClientId(102)],
        "another's by now"
    );
    inbox::finish(store, ProjectId(1), &[handled(&second[0], 2), handled(&first[1], 1)], much_later).unwrap();
    assert!(claim(much_later).is_empty(), "nothing was noted by the one who had lost them");

    inbox::finish(store, ProjectId(1), &third.iter().map(|claim| handled(claim, claim.events.len())).collect::<Vec<_>>(), much_later)
        .unwrap();
    let last = claim(much_later);
    assert_eq!(waiting(&last), [(101, vec!["four"])]);
    inbox::finish(store, ProjectId(1), &[handled(&last[0], 1)], much_later).unwrap();
    assert!(claim(much_later + Duration::hours(1)).is_empty());
    assert!(calc::crm::pages::inbox_after(store, ProjectId(1), (ClientId(i64::MIN), i64::MIN)).unwrap().is_empty());

    // A number never comes again, whatever the clock says, so that no late word is about another event.
    inbox::enqueue(store, &[new_event(101, "five"), new_event(101, "six")], now()).unwrap();
    let numbers = |time| claim(time)[0].events.iter().map(|event| event.number).collect::<Vec<_>>();
    let [five, six] = numbers(much_later)[..] else { panic!("two events") };
    assert!(five < six && five > 1_000_000, "{five} {six}");
}

fn the_inbox_takes_all_events_or_none(store: &dyn Store) {
    shop(store);
    let stranger = NewEvent { project: ProjectId(9), ..new_event(101, "no project") };
    let events = [new_event(101, "one"), new_event(999, "no client"), new_event(1101, "of another project"), stranger];
    match inbox::enqueue(store, &events, now()) {
        Err(EnqueueError::UnknownClients(places)) => assert_eq!(places, [1, 2, 3]),
        other => panic!("{other:?}"),
    }
    assert!(inbox::claim(store, ProjectId(1), now(), &lease(now(), 1), 10, 10).unwrap().is_empty());
    inbox::enqueue(store, &[], now()).unwrap();
    let many: Vec<NewEvent> = (0..1_200).map(|number| new_event(101 + number % 5, &number.to_string())).collect();
    inbox::enqueue(store, &many, now()).unwrap();
    let claims = inbox::claim(store, ProjectId(1), now(), &lease(now(), 1), 10, 1_000).unwrap();
    for claim in &claims {
        let expected: Vec<String> =
            many.iter().filter(|event| event.client == claim.client).filter_map(|event| event.text.clone()).collect();
        assert_eq!(waiting(std::slice::from_ref(claim))[0].1, expected, "in their order");
    }
    assert_eq!(claims.len(), 5);
}

fn refused_events_stay(store: &dyn Store) {
    shop(store);
    let claim = |time| inbox::claim(store, ProjectId(1), time, &lease(time, 1), 10, 10).unwrap();
    inbox::enqueue(store, &[new_event(101, "one"), new_event(101, "two"), new_event(101, "three")], now()).unwrap();
    let first = claim(now()).remove(0);
    let refused = vec![(first.events[1].number, "there is no block 7".to_owned())];
    inbox::finish(store, ProjectId(1), &[Handled { refused, ..handled(&first, 2) }], now()).unwrap();
    let second = claim(now()).remove(0);
    assert_eq!(waiting(std::slice::from_ref(&second)), [(101, vec!["three"])], "not claimed again, and in nobody's way");
    inbox::finish(store, ProjectId(1), &[handled(&second, 1)], now()).unwrap();
    assert!(claim(now() + Duration::hours(1)).is_empty());
    let left = calc::crm::pages::inbox_after(store, ProjectId(1), (ClientId(i64::MIN), i64::MIN)).unwrap();
    let left: Vec<_> = left.iter().map(|row| (row.client.0, row.event.text.as_deref(), row.error.as_deref())).collect();
    assert_eq!(left, [(101, Some("two"), Some("there is no block 7"))]);
    inbox::enqueue(store, &[new_event(101, "four")], now()).unwrap();
    assert_eq!(waiting(&claim(now())), [(101, vec!["four"])]);
    let old = Retention { events: Some(now() + Duration::days(1)), ..Retention::default() };
    assert_eq!(prune(store, ProjectId(1), &old).unwrap().events, 1, "what waits is never old");
}

/// Whoever adds an event while the last one of its client is being finished: it is never forgotten.
fn events_added_while_others_are_finished(store: &dyn Store) {
    shop(store);
    let stores: Vec<_> = (0..3).map(|_| store.handle()).collect();
    std::thread::scope(|scope| {
        let adding: Vec<_> = stores[..2]
            .iter()
            .enumerate()
            .map(|(thread, store)| {
                scope.spawn(move || {
                    for number in 0..25 {
                        patiently(|| match inbox::enqueue(&**store, &[new_event(101, &format!("{thread} {number}"))], now()) {
                            Err(EnqueueError::Store(error)) => Err(error),
                            result => {
                                result.expect("a client");
                                Ok(())
                            }
                        });
                    }
                })
            })
            .collect();
        let mut seen: Vec<String> = Vec::new();
        while seen.len() < 50 {
            let are_added = adding.iter().all(std::thread::ScopedJoinHandle::is_finished);
            let claims = patiently(|| inbox::claim(&*stores[2], ProjectId(1), now(), &lease(now(), 1), 10, 3));
            assert!(!are_added || !claims.is_empty(), "forgotten: {seen:?}");
            seen.extend(claims.iter().flat_map(|claim| &claim.events).filter_map(|event| event.text.clone()));
            let done: Vec<Handled> = claims.iter().map(|claim| handled(claim, claim.events.len())).collect();
            patiently(|| inbox::finish(&*stores[2], ProjectId(1), &done, now()));
        }
        for thread in 0..2 {
            let of_thread: Vec<&String> = seen.iter().filter(|text| text.starts_with(&format!("{thread} "))).collect();
            let expected: Vec<String> = (0..25).map(|number| format!("{thread} {number}")).collect();
            assert_eq!(of_thread, expected.iter().collect::<Vec<_>>(), "each once, in order");
        }
    });
}

/// What others get in the way of is tried again.
fn patiently<T>(mut work: impl FnMut() -> Result<T, calc::crm::StoreError>) -> T {
    use calc::crm::StoreErrorKind::{Busy, Conflict};
    loop {
        match work() {
            Ok(value) => return value,
            Err(error) if matches!(error.kind(), Busy | Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn what_is_old_goes(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.receive("now");
    session.queue_message("waits", None);
    session.record_visit(BlockId(8));
    session.record_event("e", "{}");
    session.commit().unwrap();
    assert_eq!(prune(store, ProjectId(1), &Retention::default()).unwrap(), Pruned::default());
    let before = Some(at(20, 0, 0));
    let all = |before| Retention { events: before, messages: before, visits: before };
    assert_eq!(prune(store, ProjectId(2), &all(before)).unwrap(), Pruned::default(), "another project");
    assert_eq!(prune(store, ProjectId(1), &all(before)).unwrap(), Pruned { events: 0, messages: 1, visits: 1 });
    let texts = || dumped(store).clients[0].history.iter().map(|entry| entry.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(), ["now", "waits"]);
    assert_eq!(prune(store, ProjectId(1), &all(Some(at(21, 0, 0)))).unwrap(), Pruned { events: 1, messages: 1, visits: 1 });
    assert_eq!(texts(), ["waits"], "what waits is never old");
}

fn one_client_whole(store: &dyn Store) {
    shop(store);
    let whole = dumped(store);
    let one = calc::crm::dump_client(store, ProjectId(1), ClientId(101)).unwrap().unwrap();
    assert_eq!(one.clients, whole.clients[..1]);
    assert!(one.deals.iter().all(|entry| entry.deal.client == ClientId(101)));
    assert_eq!(one.deals.len(), 4);
    assert_eq!((one.tasks.len(), &one.pipelines, &one.operators), (1, &whole.pipelines, &whole.operators));
    assert!(calc::crm::dump_client(store, ProjectId(1), ClientId(9)).unwrap().unwrap().clients.is_empty());
    assert!(calc::crm::dump_client(store, ProjectId(9), ClientId(101)).unwrap().is_none());
}
