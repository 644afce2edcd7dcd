//! crm.md section 2, the functions that ask about deals and read or set their variables.

use calc::crm::{ClientId, DealId, NewOrder, Opening, ProjectId, Scope, Session, StageId, Store, role};
use calc::function::Role;
use serde_json::{Value as Json, json};

use crate::{ann, client, kinds, now, on_every_store, refused, shop};

on_every_store! {
    lists get_order_var get_order_vars set_order_var set_order_vars get_state_id get_order_id_by_var_value
    values_that_begin_alike latest_order_datetime count_client_orders get_count_orders no_deal_at_all
}

fn lists(store: &dyn Store) {
    for active_deals in [false, true] {
        shop(store);
        lists_of(store, active_deals);
    }
}

fn lists_of(store: &dyn Store, active_deals: bool) {
    let opening = Opening { active_deals, ..Opening::new(ProjectId(1), ClientId(101), now(), fastrand::Rng::with_seed(1)) };
    let mut session = Session::open(store, opening).unwrap();
    assert_eq!(session.get_active_orders_ids().unwrap(), [501, 504].map(DealId));
    assert_eq!(session.round_trips(), if active_deals { 1 } else { 2 }, "they travel with the opening where a script will want them");
    assert_eq!(session.get_success_orders_ids().unwrap(), [DealId(502)]);
    assert_eq!(session.get_fail_orders_ids().unwrap(), [DealId(503)]);
    session.set_order_status_archive(Some(DealId(504))).unwrap();
    assert_eq!(session.get_active_orders_ids().unwrap(), [DealId(501)], "without archived ones");
    let made = session.create_order(&NewOrder::default()).unwrap().id;
    assert_eq!(session.get_active_orders_ids().unwrap(), [DealId(501), made]);
    session.rollback_to_start().unwrap();
    assert_eq!(session.get_active_orders_ids().unwrap(), [501, 504].map(DealId));
    drop(session);
    assert!(client(store, 102).get_active_orders_ids().unwrap().is_empty());
}

fn get_order_var(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.get_order_var(DealId(501), "color").unwrap().map(|value| value.to_json()), Some(json!("red")));
    assert_eq!(session.get_order_var(DealId(501), "list").unwrap().map(|value| value.to_json()), Some(json!([1, "a"])), "with its type");
    assert_eq!(session.get_order_var(DealId(501), "nothing").unwrap().map(|value| value.to_json()), None);
    for (name, value) in [
        ("name", json!("Website")),
        ("NAME", json!("Website")),
        ("Название", json!("Website")),
        ("описание", json!("a shop")),
        ("Description", json!("a shop")),
        ("Budget", json!(1500)),
    ] {
        assert_eq!(session.get_order_var(DealId(501), name).unwrap().map(|value| value.to_json()), Some(value), "{name}");
    }
    session.set_variable(Scope::Deal, "name", json!("shadow")).unwrap();
    assert_eq!(session.get_order_var(DealId(501), "name").unwrap().map(|value| value.to_json()), Some(json!("Website")), "the field wins");
    refused(session.get_order_var(DealId(9), "color"));
    refused(session.get_order_var(DealId(1501), "color"));
}

fn get_order_vars(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let names = ["color".to_owned(), "nothing".to_owned(), "Budget".to_owned()];
    let found = json!(session.get_order_vars(DealId(501), Some(&names)).unwrap());
    assert_eq!(found, json!({"color": "red", "nothing": null, "Budget": 1500}));
    let all = json!(session.get_order_vars(DealId(504), None).unwrap());
    assert_eq!(all, json!({"name": "Old", "description": "", "budget": 0, "color": "blue", "amount": "5.0"}));
    refused(session.get_order_vars(DealId(1501), None));
}

fn set_order_var(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let generation = session.variables_generation();
    assert!(session.set_order_var(DealId(504), "color", json!("green")).unwrap());
    assert_eq!(session.variables_generation(), generation, "not the current deal");
    assert!(session.set_order_var(DealId(501), "color", json!("green")).unwrap());
    assert!(session.variables_generation() > generation);
    assert_eq!(session.get_variable(Scope::Deal, "color").unwrap().map(|value| value.to_json()), Some(json!("green")), "bare names see it");
    session.set_variable(Scope::Deal, "color", json!("black")).unwrap();
    assert_eq!(
        session.get_order_var(DealId(501), "color").unwrap().map(|value| value.to_json()),
        Some(json!("black")),
        "and the other way round"
    );
    assert!(session.set_order_var(DealId(501), "color", json!("")).unwrap());
    assert_eq!(session.get_order_var(DealId(501), "color").unwrap().map(|value| value.to_json()), None);
    assert!(session.set_order_var(DealId(501), "amount", Json::Null).unwrap());
    assert!(session.set_order_var(DealId(501), "amount", Json::Null).unwrap(), "true with nothing to delete");
    assert!(session.set_order_var(DealId(501), "НАЗВАНИЕ", json!(5)).unwrap());
    assert!(session.set_order_var(DealId(501), "description", Json::Null).unwrap());
    assert!(session.set_order_var(DealId(501), "budget", json!(" 12.50 ")).unwrap());
    for bad in [json!("a lot"), json!(""), Json::Null, json!([1])] {
        assert_eq!(refused(session.set_order_var(DealId(501), "budget", &bad)).roles()[0], Role::VariableValue);
    }
    assert_eq!(refused(session.set_order_var(DealId(501), "_x", json!(1))).roles()[0], Role::VariableName);
    assert_eq!(refused(session.set_order_var(DealId(1501), "x", json!(1))).roles()[0], role::DEAL);
    assert_eq!(
        kinds(&session),
        [
            "deal_variable_set",
            "deal_variable_set",
            "deal_variable_deleted",
            "deal_variable_deleted",
            "deal_renamed",
            "deal_described",
            "deal_budget_set"
        ]
    );
    session.commit().unwrap();
    let vars = json!(ann(store).get_order_vars(DealId(501), None).unwrap());
    assert_eq!(vars, json!({"name": "5", "description": "", "budget": 12.5, "list": [1, "a"], "shared": "deal"}));
}

fn set_order_vars(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let dict = |json: Json| json.as_object().map(calc::value::Dict::from).unwrap();
    assert!(session.set_order_vars(DealId(504), dict(json!({"name": "New", "color": "", "x": {"y": 1}}))).unwrap());
    let before = json!(session.get_order_vars(DealId(504), None).unwrap());
    assert_eq!(before, json!({"name": "New", "description": "", "budget": 0, "amount": "5.0", "x": {"y": 1}}));
    refused(session.set_order_vars(DealId(504), dict(json!({"name": "Half", "z": 1, "budget": "much"}))));
    refused(session.set_order_vars(DealId(504), dict(json!({"z": 1, "_y": 1}))));
    assert_eq!(json!(session.get_order_vars(DealId(504), None).unwrap()), before, "all or nothing");
    refused(session.set_order_vars(DealId(9), dict(json!({"z": 1}))));
}

fn get_state_id(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.get_state_id(None, None).unwrap(), Some(StageId(13)));
    assert_eq!(session.get_state_id(Some(ClientId(502)), None).unwrap(), Some(StageId(12)), "a deal id");
    assert_eq!(session.get_state_id(Some(ClientId(504)), None).unwrap(), None, "unprocessed");
    assert_eq!(session.get_state_id(Some(ClientId(104)), None).unwrap(), Some(StageId(21)), "a client id");
    assert_eq!(session.get_state_id(Some(ClientId(102)), None).unwrap(), None, "a client without deal");
    assert_eq!(session.get_state_id(None, Some(DealId(502))).unwrap(), Some(StageId(12)));
    assert_eq!(session.get_state_id(Some(ClientId(104)), Some(DealId(505))).unwrap(), Some(StageId(21)));
    assert_eq!(refused(session.get_state_id(Some(ClientId(102)), Some(DealId(505)))).roles()[0], role::DEAL);
    assert_eq!(refused(session.get_state_id(Some(ClientId(9)), Some(DealId(505)))).roles()[0], role::CLIENT);
    assert_eq!(refused(session.get_state_id(Some(ClientId(9)), None)).roles()[0], role::CLIENT);
    assert_eq!(refused(session.get_state_id(None, Some(DealId(9)))).roles()[0], role::DEAL);
    refused(session.get_state_id(Some(ClientId(1501)), None));
    refused(session.get_state_id(Some(ClientId(1101)), None));
}

fn get_order_id_by_var_value(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    for five in [json!("5"), json!(5), json!(5.0), json!(" 5.0 ")] {
        let found = session.get_order_id_by_var_value("amount", &five, None).unwrap();
        assert_eq!(found, Some(DealId(501)), "{five}: the newest of two");
    }
    assert_eq!(session.get_order_id_by_var_value("color", json!("blue"), None).unwrap(), Some(DealId(504)));
    assert_eq!(session.get_order_id_by_var_value("color", json!("BLUE"), None).unwrap(), None);
    assert_eq!(session.get_order_id_by_var_value("list", json!("[1, \"a\"]"), None).unwrap(), Some(DealId(501)));
    assert_eq!(session.get_order_id_by_var_value("Name", json!("Banner"), None).unwrap(), Some(DealId(503)), "any status");
    assert_eq!(session.get_order_id_by_var_value("budget", json!("1500.0"), None).unwrap(), Some(DealId(501)));
    session.set_variable(Scope::Deal, "color", json!("blue")).unwrap();
    assert_eq!(session.get_order_id_by_var_value("color", json!("blue"), None).unwrap(), Some(DealId(501)), "not yet stored");
    assert_eq!(session.get_order_id_by_var_value("color", json!("blue"), Some(ClientId(104))).unwrap(), None);
    refused(session.get_order_id_by_var_value("color", json!("red"), Some(ClientId(1101))));
}

fn values_that_begin_alike(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let long = |end: &str| json!(format!("{}{end}", "я".repeat(300)));
    session.set_order_var(DealId(501), "long", long("a")).unwrap();
    session.set_order_var(DealId(504), "long", long("b")).unwrap();
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(session.get_order_id_by_var_value("long", long("a"), None).unwrap(), Some(DealId(501)));
    assert_eq!(session.get_order_id_by_var_value("long", long("b"), None).unwrap(), Some(DealId(504)));
    assert_eq!(session.get_order_id_by_var_value("long", long("c"), None).unwrap(), None);
}

fn latest_order_datetime(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let latest = session.latest_order_datetime(None).unwrap().unwrap();
    assert_eq!(latest.to_string(), "2026-11-01 13:00:00", "in the project's time zone");
    assert_eq!(session.latest_order_datetime(Some(ClientId(104))).unwrap().unwrap().to_string(), "2026-08-01 13:00:00");
    assert_eq!(session.latest_order_datetime(Some(ClientId(102))).unwrap(), None);
    refused(session.latest_order_datetime(Some(ClientId(1101))));
    session.create_order(&NewOrder::default()).unwrap();
    assert_eq!(session.latest_order_datetime(None).unwrap(), Some(session.local_now()));
}

fn count_client_orders(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.count_client_orders(None, None, true, true).unwrap(), 4);
    assert_eq!(session.count_client_orders(None, None, true, false).unwrap(), 4, "`active` is ignored");
    assert_eq!(session.count_client_orders(None, None, false, true).unwrap(), 2);
    assert_eq!(session.count_client_orders(None, None, false, false).unwrap(), 2);
    assert_eq!(session.count_client_orders(None, Some(StageId(12)), true, true).unwrap(), 1);
    assert_eq!(session.count_client_orders(None, Some(StageId(12)), false, true).unwrap(), 0);
    assert_eq!(session.count_client_orders(None, Some(StageId(12)), false, false).unwrap(), 1);
    assert_eq!(session.count_client_orders(Some(ClientId(104)), None, true, true).unwrap(), 1);
    assert_eq!(session.count_client_orders(Some(ClientId(102)), None, true, true).unwrap(), 0);
    assert_eq!(refused(session.count_client_orders(Some(ClientId(9)), None, true, true)).roles()[0], role::CLIENT);
    assert_eq!(refused(session.count_client_orders(None, Some(StageId(9)), true, true)).roles()[0], role::STAGE);
    session.create_order(&NewOrder::default()).unwrap();
    assert_eq!(session.count_client_orders(None, None, true, true).unwrap(), 5);
}

fn get_count_orders(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.get_count_orders(StageId(13)).unwrap(), 1);
    assert_eq!(session.get_count_orders(StageId(12)).unwrap(), 0, "active ones only");
    assert_eq!(session.get_count_orders(StageId(21)).unwrap(), 1, "of the whole project");
    assert_eq!(refused(session.get_count_orders(StageId(1011))).roles()[0], role::STAGE);
    session.change_state(StageId(13), Some(DealId(505))).unwrap();
    assert_eq!(session.get_count_orders(StageId(13)).unwrap(), 2);
}

fn no_deal_at_all(store: &dyn Store) {
    shop(store);
    let mut session = client(store, 102);
    assert_eq!(session.get_order_id().unwrap(), None);
    assert!(session.current_deal().unwrap().is_none());
    assert_eq!(session.get_state_id(None, None).unwrap(), None);
    assert_eq!(session.get_order_operator(None).unwrap(), None);
    assert!(!session.assign_order_to_user("olga@example.com", None).unwrap());
}
