//! crm.md section 2, the functions that change deals, and C3.5, the current deal.

use calc::crm::model::DealStatus;
use calc::crm::{ClientId, DealId, NewOrder, PipelineId, Scope, Session, StageId, Store, role};
use serde_json::{Number, json};

use crate::{SHOP, ann, as_json, client, deal, dumped, kinds, now, on_every_store, parse, refused, shop};

on_every_store! {
    create_order create_order_in_a_stage create_order_for_others create_order_takes_the_own_client
    create_order_twice_for_a_new_phone transfer_vars set_order_name set_order_budget move_order_to_next_state
    closing_deals change_state reopening_and_the_current_deal the_next_deal_of_many delete_order delete_the_newest an_order_that_never_was
    the_chosen_deal_stays auto_accepted the_newest_of_one_moment
}

fn simple(name: &str) -> NewOrder<'_> {
    NewOrder { name: Some(name), ..NewOrder::default() }
}

fn create_order(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let created = session.create_order(&NewOrder::default()).unwrap();
    assert_eq!((created.client, created.client_created), (ClientId(101), false));
    assert_eq!(session.get_order_id().unwrap(), Some(created.id), "it is current");
    assert_eq!(session.get_active_orders_ids().unwrap(), [DealId(501), DealId(504), created.id], "the old ones stay active");
    assert_eq!(kinds(&session), ["deal_created"]);
    session.commit().unwrap();
    let deals = as_json(store);
    let new = deals["deals"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&new["name"], &new["budget"], &new["description"]), (&json!(""), &json!(0), &json!("")));
    assert_eq!((&new["stage"], &new["status"]), (&json!(null), &json!("active")), "unprocessed");
    assert_eq!(ann(store).get_order_id().unwrap(), Some(created.id));
}

fn create_order_in_a_stage(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let order = NewOrder { budget: Some(Number::from(99)), state_id: Some(StageId(21)), ..simple("Repair") };
    let id = session.create_order(&order).unwrap().id;
    assert_eq!(session.get_state_id(None, None).unwrap(), Some(StageId(21)));
    assert_eq!(session.get_current_pipline_id().unwrap(), Some(PipelineId(4)));
    let sentence = session.effects()[0].sentence();
    assert_eq!(sentence, format!("deal {id} created  \"Repair\", budget 99, Received / Repairs"));
    let before = session.get_active_orders_ids().unwrap();
    for unknown in [99, 3, 1011] {
        assert_eq!(refused(session.create_order(&NewOrder { state_id: Some(StageId(unknown)), ..simple("no") })).roles()[0], role::STAGE);
    }
    assert_eq!(session.get_active_orders_ids().unwrap(), before, "nothing made");
    session.commit().unwrap();
    assert_eq!(deal(store, id), Some((DealStatus::Active, Some(StageId(21)))));
}

fn create_order_for_others(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let phone = |phone: &'static str| NewOrder { phone: Some(phone), email: Some("new@example.com"), ..simple("for another") };
    let found = session.create_order(&phone("89260000000")).unwrap();
    assert_eq!((found.client, found.client_created), (ClientId(104), false), "the lowest id of several");
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(501)), "a deal for another moves nothing here");
    let made = session.create_order(&NewOrder { client_name: Some("Eve"), ..phone("+1 555 000") }).unwrap();
    assert!(made.client_created);
    let unnamed = session.create_order(&phone("+1 555 001")).unwrap();
    let by_email = session.create_order(&NewOrder { email: Some(" DORA@example.com "), ..simple("mail") }).unwrap();
    assert_eq!((by_email.client, by_email.client_created), (ClientId(105), false));
    let new_email = session.create_order(&NewOrder { email: Some("first@example.com"), ..simple("mail") }).unwrap();
    let stranger = session.create_order(&phone("+7 999 888 77 66")).unwrap();
    assert!(stranger.client_created, "a client of another project is not found");
    assert_eq!(refused(session.create_order(&phone("call me"))).roles()[0], role::PHONE);
    session.commit().unwrap();
    let file = dumped(store);
    let entry = |id: ClientId| file.clients.iter().find(|entry| entry.client.id == id).unwrap();
    assert_eq!(entry(made.client).client.name, "Eve");
    assert_eq!(entry(made.client).client.phone.as_deref(), Some("+1 555 000"));
    assert_eq!(entry(made.client).client.email.as_deref(), Some("new@example.com"));
    assert_eq!(entry(made.client).client.current_deal, Some(made.id));
    assert_eq!(entry(unnamed.client).client.name, "+1 555 001");
    assert_eq!(entry(new_email.client).client.name, "first@example.com");
    assert_eq!(entry(ClientId(104)).client.name, "Dora", "a found one keeps its name");
    assert_eq!(entry(ClientId(104)).client.current_deal, Some(found.id));
}

fn create_order_takes_the_own_client(store: &dyn Store) {
    shop(store);
    let mut session = client(store, 105);
    let order = NewOrder { phone: Some("8(926)000-00-00"), ..simple("mine") };
    assert_eq!(session.create_order(&order).unwrap().client, ClientId(105), "the current client if among them");
    drop(session);
    let mut session = ann(store);
    let order = NewOrder { email: Some("ann@example.COM"), ..simple("mine") };
    assert_eq!(session.create_order(&order).unwrap().client, ClientId(101));
}

fn create_order_twice_for_a_new_phone(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let order = NewOrder { phone: Some("+1 555 000"), ..simple("twice") };
    let first = session.create_order(&order).unwrap();
    let second = session.create_order(&order).unwrap();
    assert_eq!(first.client, second.client);
    session.get_active_orders_ids().unwrap();
    assert_eq!(session.create_order(&order).unwrap().client, first.client);
    session.commit().unwrap();
    assert_eq!(ann(store).create_order(&order).unwrap().client, first.client);
    assert_eq!(dumped(store).clients.len(), 6);
}

fn transfer_vars(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let names = ["color".to_owned(), "missing".to_owned(), "list".to_owned()];
    let created = session.create_order(&NewOrder { transfer_vars: &names, ..simple("next") }).unwrap();
    assert_eq!(session.get_variable(Scope::Deal, "color").unwrap().map(|value| value.to_json()), Some(json!("red")));
    assert_eq!(session.get_variable(Scope::Deal, "amount").unwrap().map(|value| value.to_json()), None);
    session.commit().unwrap();
    let vars = ann(store).get_order_vars(created.id, None).unwrap();
    assert_eq!(json!(vars), json!({"name": "next", "description": "", "budget": 0, "color": "red", "list": [1, "a"]}));
}

fn set_order_name(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.set_order_name("Shop", None).unwrap());
    assert!(session.set_order_name("Dora's shop", Some(DealId(505))).unwrap(), "of any client of the project");
    assert!(session.set_order_name("Shop", None).unwrap());
    assert_eq!(kinds(&session), ["deal_renamed", "deal_renamed"]);
    let refusal = refused(session.set_order_name("x", Some(DealId(9))));
    assert_eq!(refusal.message().to_string(), "there is no deal `9` in this project");
    assert_eq!(refusal.help().map(|help| help.to_string()).as_deref(), Some("`get_order_id()` returns the id of the current deal"));
    refused(session.set_order_name("x", Some(DealId(1501))));
    refused(session.set_order_name("x", Some(DealId(101))));
    session.commit().unwrap();
    assert_eq!(ann(store).get_order_var(DealId(501), "name").unwrap().map(|value| value.to_json()), Some(json!("Shop")));
    assert_eq!(ann(store).get_order_var(DealId(505), "name").unwrap().map(|value| value.to_json()), Some(json!("Dora's shop")));
    assert!(!client(store, 102).set_order_name("x", None).unwrap(), "no current deal");
}

fn set_order_budget(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.set_order_budget(&Number::from_f64(0.1).unwrap(), None).unwrap());
    refused(session.set_order_budget(&Number::from(1), Some(DealId(9))));
    session.commit().unwrap();
    assert_eq!(ann(store).get_order_var(DealId(501), "budget").unwrap().map(|value| value.to_json()), Some(json!(0.1)));
    assert!(!client(store, 102).set_order_budget(&Number::from(1), None).unwrap());
}

fn move_order_to_next_state(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.move_order_to_next_state(None).unwrap(), Some(StageId(11)), "in the pipeline's order, not by id");
    assert_eq!(session.move_order_to_next_state(Some(DealId(501))).unwrap(), Some(StageId(12)));
    assert_eq!(session.move_order_to_next_state(None).unwrap(), None, "the last stage");
    assert_eq!(session.move_order_to_next_state(Some(DealId(502))).unwrap(), None, "closed");
    assert_eq!(session.move_order_to_next_state(Some(DealId(504))).unwrap(), Some(StageId(13)), "unprocessed: the first of the first");
    refused(session.move_order_to_next_state(Some(DealId(1501))));
    assert_eq!(kinds(&session), ["deal_moved"; 3]);
    session.commit().unwrap();
    assert_eq!(deal(store, DealId(501)), Some((DealStatus::Active, Some(StageId(12)))));
    assert_eq!(client(store, 102).move_order_to_next_state(None).unwrap(), None, "no deal");
}

fn closing_deals(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.set_order_status_success(None).unwrap());
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(504)), "the newest remaining active one");
    assert!(session.set_order_status_fail(None).unwrap());
    assert_eq!(session.get_order_id().unwrap(), None);
    assert!(!session.set_order_status_archive(None).unwrap(), "no current deal");
    assert!(session.set_order_status_archive(Some(DealId(502))).unwrap(), "relabelling");
    assert!(session.set_order_status_archive(Some(DealId(502))).unwrap());
    assert!(session.set_order_status_fail(Some(DealId(505))).unwrap());
    refused(session.set_order_status_success(Some(DealId(1501))));
    assert_eq!(
        kinds(&session),
        [
            "deal_status_set",
            "current_deal_set",
            "deal_status_set",
            "current_deal_set",
            "deal_status_set",
            "deal_status_set",
            "current_deal_set"
        ]
    );
    assert_eq!(session.get_success_orders_ids().unwrap(), [DealId(501)]);
    assert_eq!(session.get_fail_orders_ids().unwrap(), [503, 504].map(DealId));
    assert!(session.get_active_orders_ids().unwrap().is_empty());
    session.commit().unwrap();
    let file = dumped(store);
    assert_eq!(file.deals[0].deal.status, DealStatus::Success);
    assert_eq!(file.deals[0].deal.stage, Some(StageId(13)), "the stage is kept");
    assert_eq!(file.deals[0].deal.closed_at, Some(now()));
    assert_eq!(file.deals[1].deal.closed_at, Some(now()), "closed again");
    assert_eq!(file.clients[0].client.current_deal, None);
    assert_eq!(file.clients[3].client.current_deal, None, "of another client too");
}

fn change_state(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.change_state(StageId(21), None).unwrap(), "any pipeline");
    assert_eq!(session.get_current_pipline_id().unwrap(), Some(PipelineId(4)));
    assert!(session.change_state(StageId(21), Some(DealId(501))).unwrap());
    assert_eq!(kinds(&session), ["deal_moved"]);
    assert_eq!(refused(session.change_state(StageId(99), None)).roles()[0], role::STAGE);
    assert_eq!(refused(session.change_state(StageId(1011), None)).roles()[0], role::STAGE);
    assert_eq!(refused(session.change_state(StageId(11), Some(DealId(1501)))).roles()[0], role::DEAL);
    session.commit().unwrap();
    assert_eq!(deal(store, DealId(501)), Some((DealStatus::Active, Some(StageId(21)))));
    assert!(!client(store, 102).change_state(StageId(11), None).unwrap(), "no current deal");
}

fn reopening_and_the_current_deal(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.set_order_status_success(None).unwrap();
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(504)));
    assert!(session.change_state(StageId(11), Some(DealId(503))).unwrap(), "a closed deal becomes active again");
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(503)), "newer than 504, which nobody chose");
    assert!(session.change_state(StageId(13), Some(DealId(501))).unwrap());
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(501)));
    session.switch_order(Some(DealId(504))).unwrap();
    session.set_order_status_fail(Some(DealId(501))).unwrap();
    session.change_state(StageId(13), Some(DealId(501))).unwrap();
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(504)), "chosen");
    session.commit().unwrap();
    let file = dumped(store);
    assert_eq!(file.deals[2].deal.closed_at, None);
    assert_eq!(file.deals[2].deal.status, DealStatus::Active);
}

/// The successor of a closed deal is found in one question, however many were closed before, and not one by one.
fn the_next_deal_of_many(store: &dyn Store) {
    shop(store);
    let mut session = client(store, 102);
    for number in 0..12 {
        session.create_order(&NewOrder { name: Some(&number.to_string()), ..NewOrder::default() }).unwrap();
    }
    session.commit().unwrap();
    let mut session = client(store, 102);
    let mut order = Vec::new();
    let mut trips = Vec::new();
    while let Some(id) = session.get_order_id().unwrap() {
        let name = session.get_order_var(id, "name").unwrap().map(|value| value.to_json());
        order.push(name.and_then(|name| name.as_str().map(str::to_owned)).unwrap());
        let before = session.round_trips();
        if order.len() % 2 == 0 {
            assert!(session.set_order_status_fail(None).unwrap());
        } else {
            assert!(session.delete_order(Some(id)).unwrap());
        }
        trips.push(session.round_trips() - before);
    }
    let expected: Vec<String> = (0..12).rev().map(|number| number.to_string()).collect();
    assert_eq!(order, expected, "from the newest to the oldest");
    assert!(trips.iter().sum::<u32>() <= 12, "{trips:?}");
    session.commit().unwrap();
    assert!(client(store, 102).get_active_orders_ids().unwrap().is_empty());
}

fn delete_order(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.delete_order(Some(DealId(501))).unwrap());
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(504)));
    assert_eq!(session.get_variable(Scope::Deal, "color").unwrap().map(|value| value.to_json()), Some(json!("blue")));
    refused(session.delete_order(Some(DealId(501))));
    refused(session.get_order_var(DealId(501), "color"));
    refused(session.delete_order(Some(DealId(1501))));
    assert_eq!(session.effects()[0].sentence(), "deal 501 deleted  \"Website\"");
    session.commit().unwrap();
    assert_eq!(deal(store, DealId(501)), None);
    refused(ann(store).get_order_vars(DealId(501), None));
    assert_eq!(client(store, 102).get_order_id_by_var_value("color", json!("red"), Some(ClientId(101))).unwrap(), None);
}

fn delete_the_newest(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.set_order_status_success(Some(DealId(501))).unwrap();
    assert!(session.delete_order(None).unwrap(), "the most recent, whatever its status");
    session.commit().unwrap();
    assert_eq!(deal(store, DealId(501)), None);
    assert!(!client(store, 102).delete_order(None).unwrap(), "it has none");
}

fn an_order_that_never_was(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let mut session = ann(store);
    let id = session.create_order(&simple("gone")).unwrap().id;
    session.set_variable(Scope::Deal, "x", json!(1)).unwrap();
    assert!(session.delete_order(None).unwrap());
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(501)));
    refused(session.get_order_var(id, "x"));
    session.commit().unwrap();
    let mut after = as_json(store);
    after["project"]["next_id"] = before["project"]["next_id"].clone();
    assert_eq!(before, after, "all as before but for the counter");
}

fn the_chosen_deal_stays(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.switch_order(Some(DealId(504))).unwrap();
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(504)));
    session.set_order_status_fail(Some(DealId(501))).unwrap();
    session.change_state(StageId(13), Some(DealId(501))).unwrap();
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(504)));
    let last = session.create_order(&simple("new")).unwrap().id;
    assert_eq!(session.get_order_id().unwrap(), Some(last));
    session.delete_order(Some(last)).unwrap();
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(501)), "the newest remaining active one");
}

fn auto_accepted(store: &dyn Store) {
    let mut file = parse(SHOP);
    file.project.auto_accept_leads = true;
    calc::crm::load(store, &file).unwrap();
    let mut session: Session = ann(store);
    session.create_order(&simple("new")).unwrap();
    assert_eq!(session.get_state_id(None, None).unwrap(), Some(StageId(13)), "first stage of the first pipeline");
    drop(session);
    file.pipelines.clear();
    file.deals.clear();
    file.clients.iter_mut().for_each(|entry| entry.client.current_deal = None);
    calc::crm::load(store, &file).unwrap();
    let mut session = ann(store);
    session.create_order(&simple("new")).unwrap();
    assert_eq!(session.get_state_id(None, None).unwrap(), None, "no pipeline: unprocessed");
}

/// Ids come in stretches, so of two deals of one moment the later one may have the lower id: it is the newest all the same.
fn the_newest_of_one_moment(store: &dyn Store) {
    shop(store);
    let mut idle = client(store, 102);
    let low = idle.create_order(&simple("kept back")).unwrap().id;
    let mut session = ann(store);
    let high = session.create_order(&simple("first")).unwrap().id;
    session.set_variable(Scope::Deal, "x", json!(1)).unwrap();
    session.commit().unwrap();
    // The session does not see the deal of the same moment when it opens.
    let mut session = ann(store);
    session.switch_order(Some(DealId(501))).unwrap();
    session.commit().unwrap();
    drop(idle);
    let mut session = ann(store);
    let later = session.create_order(&simple("second")).unwrap().id;
    assert_eq!(later, low, "the id that was given back");
    assert!(later < high, "the later deal has the lower id");
    session.set_variable(Scope::Deal, "x", json!(1)).unwrap();
    let last = session.create_order(&simple("third")).unwrap().id;
    let newest = |session: &mut Session| {
        session.switch_order(Some(DealId(501))).unwrap();
        session.switch_order(None).unwrap();
        session.get_order_id().unwrap()
    };
    assert_eq!(session.get_order_id_by_var_value("x", json!(1), None).unwrap(), Some(later));
    assert_eq!(newest(&mut session), Some(last));
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(session.get_order_id_by_var_value("x", json!(1), None).unwrap(), Some(later));
    assert_eq!(newest(&mut session), Some(last));
    session.delete_order(Some(last)).unwrap();
    assert_eq!(newest(&mut session), Some(later));
    session.commit().unwrap();
    assert_eq!(newest(&mut ann(store)), Some(later));
    let mut made: Vec<_> =
        dumped(store).deals.iter().filter(|entry| entry.deal.id >= later.min(high)).map(|entry| entry.deal.created_at).collect();
    made.sort_unstable();
    made.dedup();
    assert_eq!(made.len(), 2, "no two deals of a client are of one moment");
}
